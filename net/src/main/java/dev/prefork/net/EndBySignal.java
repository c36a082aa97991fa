package dev.prefork.net;

import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Signal;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Makes a JVM that SIGTERM, SIGINT or SIGHUP ends look like what it is: ended by a signal.
 *
 * <p>By itself a JVM runs its shutdown hooks and exits with 128 + the signal's number, which a
 * parent cannot tell from an exit of the application with that code (SPEC D8). Here the hooks run
 * just the same, and what the JVM does after the last of them; then the process is ended by the
 * signal.
 */
public final class EndBySignal {
    /** java.lang.Shutdown has slots 0 to 9 and runs them in this order; the JDK uses 0 to 2. */
    private static final int LAST_SLOT = 9;

    private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");

    private EndBySignal() {}

    /**
     * Installs it, once in the life of a JVM. An application that handles these signals itself
     * replaces it.
     *
     * @param first runs before the shutdown hooks, on the thread of the signal
     * @param exitIsBySignal makes the exit that has begun one by the signal of this number; returns
     */
    public static void install(Runnable first, IntConsumer exitIsBySignal) {
        AtomicInteger caught = new AtomicInteger();
        SharedSecrets.getJavaLangAccess()
                .registerShutdownHook(
                        LAST_SLOT,
                        false,
                        () -> {
                            if (caught.get() != 0) {
                                exitIsBySignal.accept(caught.get());
                            }
                        });
        for (String name : SIGNALS) {
            handle(new Signal(name), first, caught);
        }
    }

    private static void handle(Signal signal, Runnable first, AtomicInteger caught) {
        try {
            Signal.handle(
                    signal,
                    received -> {
                        caught.set(received.getNumber());
                        try {
                            first.run();
                        } finally {
                            Runtime.getRuntime().exit(128 + received.getNumber());
                        }
                    });
        } catch (IllegalArgumentException notOurs) {
            // With -Xrs, or under nohup, the signal is not for this JVM to handle.
        }
    }
}
