package dev.prefork.cli;

import dev.prefork.AddressType;
import dev.prefork.ListenRefusal;
import dev.prefork.ListeningAddress;
import dev.prefork.Worker;
import dev.prefork.posix.OpenFileLimit;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Says why workers cannot listen, where a user can do something about it: that an address is in use
 * and by whom, once until a worker listens there, as the workers that follow find the same; and,
 * once, that there are too few descriptors.
 */
final class RefusedListens {
    private final Consumer<String> say;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean limitSaid = new AtomicBoolean();

    /** Read now: later it would take a descriptor. */
    private final int limit;

    RefusedListens(Consumer<String> say) {
        this(say, OpenFileLimit.ofThisProcess());
    }

    RefusedListens(Consumer<String> say, int limit) {
        this.say = say;
        this.limit = limit;
    }

    void watch(Worker worker) {
        worker.onListenRefused(this::refused);
        worker.onListening(address -> said.remove(Addresses.text(address)));
    }

    void refused(ListenRefusal refusal) {
        switch (refusal.code()) {
            case "EADDRINUSE" -> inUse(refusal.address());
            case "EMFILE" -> outOfDescriptors(refusal.address());
            default -> {
                // The program has it as an exception.
            }
        }
    }

    private void outOfDescriptors(ListeningAddress address) {
        if (limitSaid.compareAndSet(false, true)) {
            int more = 4 * limit;
            say.accept(
                    ("no descriptor is left for %s, as prefork may have no more than %d (ulimit"
                                    + " -n): each port takes one, and up to 2 more for each"
                                    + " worker; raise the limit before the start, as by ulimit -n"
                                    + " %d or LimitNOFILE=%d in its unit")
                            .formatted(Addresses.text(address), limit, more, more));
        }
    }

    private void inUse(ListeningAddress address) {
        String text = Addresses.text(address);
        if (said.add(text)) {
            say.accept(
                    "%s is in use by %s: no worker can listen there"
                            .formatted(
                                    text,
                                    holder(address)
                                            .map(PortHolder::toString)
                                            .orElse("somebody who cannot be seen")));
        }
    }

    private static Optional<PortHolder> holder(ListeningAddress address) {
        boolean udp =
                address.addressType() == AddressType.UDP4
                        || address.addressType() == AddressType.UDP6;
        return address.port() > 0 ? PortHolder.of(address.port(), udp) : Optional.empty();
    }
}
