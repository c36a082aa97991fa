package dev.prefork.cli;

import dev.prefork.AddressType;
import dev.prefork.ListenRefusal;
import dev.prefork.ListeningAddress;
import dev.prefork.Worker;
import dev.prefork.keep.Addresses;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Says why workers cannot listen, where a user can do something about it. That an address is in use
 * and by whom is said once until a worker listens there: the workers that follow find the same.
 */
final class RefusedListens {
    private final Consumer<String> say;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private final TooFewDescriptors limit;

    RefusedListens(Consumer<String> say, TooFewDescriptors limit) {
        this.say = say;
        this.limit = limit;
    }

    void watch(Worker worker) {
        worker.onListenRefused(this::refused);
        worker.onListening(address -> said.remove(Addresses.text(address)));
    }

    private void refused(ListenRefusal refusal) {
        switch (refusal.code()) {
            case "EADDRINUSE" -> inUse(refusal.address());
            case "EMFILE" -> limit.toListen(Addresses.text(refusal.address()));
            default -> {
                // The program has it as an exception.
            }
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
