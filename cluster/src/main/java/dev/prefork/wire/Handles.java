package dev.prefork.wire;

import dev.prefork.SendOptions;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.Handle;
import dev.prefork.json.Json;
import dev.prefork.net.JdkOptions;
import dev.prefork.net.JdkSockets;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.util.Objects;
import java.util.Optional;

/** The application's sockets as handles of the channel. Safe for any thread. */
public final class Handles {
    private Handles() {}

    /**
     * What goes with the message.
     *
     * @param message is checked first: one that cannot be sent must not cost the socket
     * @return null when the socket is closed: the message then goes alone
     * @throws IllegalArgumentException when it is no socket, or one that cannot be sent
     * @throws IllegalStateException that names the options without which this JVM can send none
     */
    public static Handle toSend(Object message, Object socket, SendOptions options) {
        Objects.requireNonNull(socket, "handle is null; send(message) sends none");
        Objects.requireNonNull(options, "options is null");
        Frame.refuse(Json.writeLine(message));
        JdkSockets.Kind kind =
                JdkSockets.Kind.of(socket)
                        .orElseThrow(() -> new IllegalArgumentException("handle=" + socket));
        JdkOptions.require("sending a socket", socket);
        try {
            Optional<Fd> copy = JdkSockets.copy(socket);
            return copy.isPresent() ? handle(kind, copy.get(), socket, options) : null;
        } catch (IOException noDescriptorLeft) {
            throw new UncheckedIOException("cannot send " + socket, noDescriptorLeft);
        }
    }

    /** The copy is the handle's, or closed: a client would wait for the end of what nobody has. */
    private static Handle handle(JdkSockets.Kind kind, Fd copy, Object socket, SendOptions options)
            throws IOException {
        try {
            Handle handle = handle(kind, copy);
            if (kind == JdkSockets.Kind.CONNECTION && !options.keepOpen()) {
                JdkSockets.detach(socket);
            }
            return handle;
        } catch (IOException | RuntimeException | Error e) {
            copy.close();
            throw e;
        }
    }

    private static Handle handle(JdkSockets.Kind kind, Fd fd) {
        return switch (kind) {
            case CONNECTION -> new Handle("net.Socket", fd);
            case LISTENER -> new Handle("net.Server", fd);
            case DATAGRAM -> datagrams(fd);
        };
    }

    private static Handle datagrams(Fd fd) {
        try {
            boolean four = Sockets.family(fd.number()) == StandardProtocolFamily.INET;
            Optional<String> type = Optional.of(four ? "udp4" : "udp6");
            return new Handle("dgram.Socket", fd, type, Optional.empty());
        } catch (PosixException e) {
            throw new UncheckedIOException("cannot send a datagram socket", e);
        }
    }
}
