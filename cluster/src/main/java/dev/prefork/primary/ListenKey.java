package dev.prefork.primary;

import dev.prefork.AddressType;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;

import java.util.Optional;

/**
 * What workers must have in common to share a listening socket, and what it takes to open it: the
 * body of a queryServer frame.
 *
 * @param address the host as a literal, or the path of a Unix socket; empty: all of them, IPv6 and
 *     IPv4
 * @param port −1 for a Unix socket or a descriptor
 * @param fd a descriptor of the primary; −1: none
 * @param index tells several listens on the same address in one worker apart
 */
record ListenKey(Optional<String> address, int port, AddressType addressType, int fd, int index) {
    static ListenKey of(Frame queryServer) throws ProtocolException {
        Object type = queryServer.fields().get("addressType");
        int fd = queryServer.integer("fd").orElse(-1);
        if (type == null && fd < 0) {
            throw new ProtocolException("queryServer names neither an address nor a descriptor");
        }
        try {
            return new ListenKey(
                    queryServer.text("address"),
                    queryServer.integer("port").orElse(-1),
                    AddressType.of(type),
                    fd,
                    queryServer.integer("index").orElse(0));
        } catch (IllegalArgumentException unknown) {
            throw new ProtocolException("queryServer: " + unknown.getMessage());
        }
    }

    boolean isUdp() {
        return addressType == AddressType.UDP4 || addressType == AddressType.UDP6;
    }

    /** What both sides call the handle on the wire. */
    String wireName() {
        return address.orElse("null")
                + ":"
                + port
                + ":"
                + addressType.nodeValue()
                + ":"
                + fd
                + ":"
                + index;
    }
}
