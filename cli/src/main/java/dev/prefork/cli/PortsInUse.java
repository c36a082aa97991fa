package dev.prefork.cli;

import dev.prefork.AddressType;
import dev.prefork.ListeningAddress;
import dev.prefork.Worker;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Says once of an address that it is in use and by whom, until a worker listens there: the workers
 * that follow find the same.
 */
final class PortsInUse {
    private final Consumer<String> say;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    PortsInUse(Consumer<String> say) {
        this.say = say;
    }

    void watch(Worker worker) {
        worker.onAddressInUse(this::inUse);
        worker.onListening(address -> said.remove(Addresses.text(address)));
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
