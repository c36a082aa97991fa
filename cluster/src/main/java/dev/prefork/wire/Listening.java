package dev.prefork.wire;

import dev.prefork.AddressType;
import dev.prefork.ListeningAddress;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;

import java.util.Map;

/**
 * Worker to primary: one of its servers listens. Node writes all fields of its {@link QueryServer}
 * again, with the port that it got; only these are read.
 */
public record Listening(ListeningAddress address) implements Act {
    static final String WORD = "listening";

    private static final String ADDRESS = "address";
    private static final String PORT = "port";
    private static final String ADDRESS_TYPE = "addressType";
    private static final String FD = "fd";

    static Listening of(Frame frame) throws ProtocolException {
        return new Listening(
                new ListeningAddress(
                        frame.text(ADDRESS),
                        Int32.of(frame, PORT).orElse(-1),
                        ListenAddress.type(frame),
                        Int32.of(frame, FD)));
    }

    @Override
    public String word() {
        return WORD;
    }

    /** As Node says it of a descriptor that is no internet socket. */
    private boolean isWithoutPort() {
        return address.addressType() == AddressType.DESCRIPTOR && address.port() < 0;
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = Act.fieldsInOrder();
        fields.put(ADDRESS, address.address().orElse(null));
        fields.put(PORT, isWithoutPort() ? null : address.port());
        fields.put(ADDRESS_TYPE, address.addressType().nodeValue());
        address.fd().ifPresent(fd -> fields.put(FD, fd));
        return fields;
    }
}
