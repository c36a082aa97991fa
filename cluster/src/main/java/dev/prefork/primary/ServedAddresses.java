package dev.prefork.primary;

import dev.prefork.ListeningAddress;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one worker listens on: a 'listening' names the address, a 'close' only the key of its grant.
 * Belongs to the loop's thread.
 */
final class ServedAddresses {
    private record Granted(ListenAddress asked, Optional<ListeningAddress> served) {}

    private final Map<String, Granted> granted = new LinkedHashMap<>();

    void granted(QueryServer query) {
        granted.put(query.key(), new Granted(query.address(), Optional.empty()));
    }

    /** Belongs to the first grant for such an address that does not listen yet. */
    void listening(ListeningAddress address) {
        for (Map.Entry<String, Granted> entry : granted.entrySet()) {
            Granted grant = entry.getValue();
            if (grant.served().isEmpty() && isFor(grant.asked(), address)) {
                entry.setValue(new Granted(grant.asked(), Optional.of(address)));
                return;
            }
        }
    }

    private static boolean isFor(ListenAddress asked, ListeningAddress address) {
        return asked.address().equals(address.address())
                && asked.type() == address.addressType()
                && asked.fd() == address.fd().orElse(ListenAddress.NO_DESCRIPTOR)
                && asked.accepts(address.port());
    }

    /** Where it listened by this grant, if it did. */
    Optional<ListeningAddress> closed(String key) {
        return Optional.ofNullable(granted.remove(key)).flatMap(Granted::served);
    }
}
