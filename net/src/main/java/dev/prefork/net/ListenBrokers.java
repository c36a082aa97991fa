package dev.prefork.net;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Where a server finds the broker of this JVM: the one that was installed, else the one that {@link
 * ServiceLoader} finds, looked up at the first bind. Safe for any thread.
 */
public final class ListenBrokers {
    private static volatile ListenBroker installed;

    /** Looks once, and not before somebody binds. */
    private static final class Service {
        // The loader of our own classes: the provider is made by the system class loader, whatever
        // loader the application's thread happens to have as its context.
        static final Optional<ListenBroker> BROKER =
                ServiceLoader.load(ListenBroker.class, ListenBroker.class.getClassLoader())
                        .findFirst();
    }

    private ListenBrokers() {}

    /** Empty when this JVM is no worker: then every bind is the JDK's own. */
    public static Optional<ListenBroker> current() {
        ListenBroker broker = installed;
        return broker == null ? Service.BROKER : Optional.of(broker);
    }

    /**
     * Sets the broker for the binds to come.
     *
     * @param broker null goes back to the one that ServiceLoader finds
     */
    public static void install(ListenBroker broker) {
        installed = broker;
    }
}
