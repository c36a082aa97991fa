package dev.prefork.wire;

import dev.prefork.AddressType;
import dev.prefork.ListeningAddress;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/**
 * An address as workers name it to their primary, so that all who mean the same share it: a part of
 * {@link QueryServer}.
 *
 * @param address the host as a literal in Node's spelling, or the path of a Unix socket, absolute,
 *     or its abstract name behind a NUL; empty: all hosts, IPv6 and IPv4
 * @param port −1 for a Unix socket; empty for a descriptor
 * @param type what it is
 * @param fd a descriptor of the primary, or −1
 */
public record ListenAddress(
        Optional<String> address, Optional<Integer> port, AddressType type, int fd) {
    private static final String ADDRESS = "address";
    private static final String PORT = "port";
    private static final String ADDRESS_TYPE = "addressType";
    private static final String FD = "fd";

    private static final int HIGHEST_PORT = 65535;

    /** No descriptor. */
    public static final int NO_DESCRIPTOR = -1;

    /** A host and port, or a path with port −1. */
    public static ListenAddress of(Optional<String> address, int port, AddressType type) {
        return new ListenAddress(address, Optional.of(port), type, NO_DESCRIPTOR);
    }

    /** A socket that the primary has already. */
    public static ListenAddress ofDescriptor(int fd, AddressType type) {
        return new ListenAddress(Optional.empty(), Optional.empty(), type, fd);
    }

    static ListenAddress of(Frame frame) throws ProtocolException {
        int fd = Int32.of(frame, FD).orElse(NO_DESCRIPTOR);
        if (frame.fields().get(ADDRESS_TYPE) == null && fd < 0) {
            throw new ProtocolException("queryServer names neither an address nor a descriptor");
        }
        return new ListenAddress(frame.text(ADDRESS), Int32.of(frame, PORT), type(frame), fd);
    }

    static AddressType type(Frame frame) throws ProtocolException {
        try {
            return AddressType.of(frame.fields().get(ADDRESS_TYPE));
        } catch (IllegalArgumentException unknown) {
            throw new ProtocolException(frame.command() + ": " + unknown.getMessage());
        }
    }

    public boolean isUdp() {
        return type == AddressType.UDP4 || type == AddressType.UDP6;
    }

    public boolean isDescriptor() {
        return fd >= 0;
    }

    /** Host and port, where it is both; of all hosts the IPv6 one. */
    public Optional<InetSocketAddress> inet() {
        if (type == AddressType.UNIX || isDescriptor()) {
            return Optional.empty();
        }
        try {
            InetAddress host = InetAddress.ofLiteral(address.orElse("::"));
            int number = Math.max(port.orElse(0), 0);
            return number > HIGHEST_PORT
                    ? Optional.empty()
                    : Optional.of(new InetSocketAddress(host, number));
        } catch (IllegalArgumentException noLiteral) {
            return Optional.empty();
        }
    }

    /** As people are told of it. */
    public ListeningAddress described() {
        return new ListeningAddress(
                address,
                port.orElse(-1),
                type,
                isDescriptor() ? Optional.of(fd) : Optional.empty());
    }

    /** Whether a socket with this port is the one that was asked for. */
    public boolean accepts(int boundPort) {
        return port.filter(wanted -> wanted > 0 && wanted != boundPort).isEmpty();
    }

    /** Like Node, without fd when there is none, except for UDP. */
    void addTo(Map<String, Object> fields) {
        fields.put(ADDRESS, address.orElse(null));
        fields.put(PORT, port.orElse(null));
        fields.put(ADDRESS_TYPE, type.nodeValue());
        if (isDescriptor() || isUdp()) {
            fields.put(FD, fd);
        }
    }

    /** Such as {@code 127.0.0.1:8000:4:-1}: the beginning of a listen's key. */
    @Override
    public String toString() {
        return address.orElse("null") + ":" + port.orElse(-1) + ":" + type.nodeValue() + ":" + fd;
    }
}
