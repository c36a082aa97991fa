package dev.prefork.wire;

import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/**
 * The answer to a {@link QueryServer}. With a handle that is the listening socket itself, or the
 * socket on which connections come if {@code handoff}; without one, connections come as {@link
 * NewConnection}.
 *
 * <p>As Node says it: the errno of a grant is null when connections come through the channel, and 0
 * with a listening socket, which brings no sockname (measured, v12.10 and v20).
 *
 * @param errno why not, such as EADDRINUSE, positive; 0: granted
 * @param key by which both call it from now on
 * @param data of the first worker that listened here; any JSON value or null
 * @param sockname where the socket is bound, unless that is no host and port, or shared
 * @param way how connections come
 */
public record Grant(
        int errno, String key, Object data, Optional<InetSocketAddress> sockname, Way way)
        implements Answer {
    /** How connections come to whoever was granted the listen. */
    public enum Way {
        /** As acts with a handle. */
        CHANNEL,
        /** On a socket of their own, see {@link QueryServer}. */
        HANDOFF,
        /** Likewise, and on it comes a listening socket, from which most are accepted. */
        STEERED,
        /** Accepted from the listening socket itself. */
        SHARED
    }

    private static final String ERRNO = "errno";
    private static final String KEY = "key";
    private static final String DATA = "data";
    private static final String SOCKNAME = "sockname";
    private static final String HANDOFF = "handoff";
    private static final String STEERED = "steered";

    // Of sockname.
    private static final String ADDRESS = "address";
    private static final String FAMILY = "family";
    private static final String PORT = "port";

    /** No: the socket cannot be had. */
    public static Grant refused(int errno, String key, Object data) {
        return new Grant(errno, key, data, Optional.empty(), Way.CHANNEL);
    }

    /**
     * @param key where the answer may lack it, because it says no
     */
    static Grant of(Frame frame, Optional<String> key) throws ProtocolException {
        int errno = Math.abs(frame.integer(ERRNO).orElse(0));
        Optional<String> named = frame.text(KEY);
        if (named.isEmpty() && errno == 0) {
            throw new ProtocolException("queryServer: the answer has no key");
        }
        return new Grant(
                errno,
                named.or(() -> key).orElseThrow(),
                frame.fields().get(DATA),
                sockname(frame.fields().get(SOCKNAME)),
                way(frame));
    }

    /** Where there is a handle, whoever has it knows more. */
    private static Way way(Frame frame) {
        if (Truth.of(frame, HANDOFF)) {
            return Truth.of(frame, STEERED) ? Way.STEERED : Way.HANDOFF;
        }
        return Integer.valueOf(0).equals(frame.fields().get(ERRNO)) ? Way.SHARED : Way.CHANNEL;
    }

    private static Optional<InetSocketAddress> sockname(Object value) throws ProtocolException {
        // Node says {} where the name of the socket could not be had.
        if (value == null || value.equals(Map.of())) {
            return Optional.empty();
        }
        if (!(value instanceof Map<?, ?> name)
                || !(name.get(ADDRESS) instanceof String host)
                || !(name.get(PORT) instanceof Integer port)) {
            throw noSockname(value, null);
        }
        try {
            return Optional.of(new InetSocketAddress(InetAddress.ofLiteral(host), port));
        } catch (IllegalArgumentException noLiteral) {
            throw noSockname(value, noLiteral);
        }
    }

    private static ProtocolException noSockname(Object value, Throwable cause) {
        return new ProtocolException("queryServer: the answer has sockname=" + value, cause);
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = Act.fieldsInOrder();
        fields.put(ERRNO, errno == 0 && way != Way.SHARED ? null : -errno);
        fields.put(KEY, key);
        fields.put(DATA, data);
        sockname.ifPresent(inet -> fields.put(SOCKNAME, write(inet)));
        if (way == Way.HANDOFF || way == Way.STEERED) {
            fields.put(HANDOFF, true);
        }
        if (way == Way.STEERED) {
            fields.put(STEERED, true);
        }
        return fields;
    }

    private static Map<String, Object> write(InetSocketAddress inet) {
        Map<String, Object> name = Act.fieldsInOrder();
        name.put(ADDRESS, HostLiteral.of(inet.getAddress()));
        name.put(FAMILY, inet.getAddress() instanceof Inet6Address ? "IPv6" : "IPv4");
        name.put(PORT, inet.getPort());
        return name;
    }
}
