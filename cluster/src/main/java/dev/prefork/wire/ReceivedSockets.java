package dev.prefork.wire;

import dev.prefork.ipc.Channel;
import dev.prefork.ipc.Delivery;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.Handle;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.loop.EventLoop;
import dev.prefork.net.JdkOptions;
import dev.prefork.net.JdkSockets;
import dev.prefork.posix.Errno;
import dev.prefork.posix.PosixException;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * The sockets that came with messages, as channels of the JDK; and how many are open of those that
 * were connections of a server of the sender's.
 *
 * <p>A Node process that sends such a connection gives it its server's key. Its server.close() then
 * asks for NODE_SOCKET_ALL_CLOSED, and its server.getConnections() for NODE_SOCKET_COUNT, and both
 * wait for the answer. Belongs to the loop's thread.
 *
 * <p>Source: internal/socket_list.js of Node v12.10 and v20.
 */
final class ReceivedSockets {
    private final EventLoop loop;
    private final Map<String, Integer> open = new HashMap<>();
    private final Set<String> closing = new HashSet<>();
    private Channel channel;

    ReceivedSockets(EventLoop loop) {
        this.loop = loop;
    }

    /** Where answers go. */
    void answerTo(Channel opened) {
        this.channel = opened;
    }

    /**
     * What came with a message, as a channel of the JDK; empty if it was a connection that its
     * client has reset on the way: the message arrives all the same.
     */
    Optional<SelectableChannel> open(Handle handle) throws IOException {
        Optional<String> missing = JdkOptions.missing("receiving a socket");
        if (missing.isPresent()) {
            throw new IOException(missing.get());
        }
        Optional<String> key = handle.key();
        SelectableChannel socket;
        try {
            socket = JdkSockets.open(handle.fd(), () -> key.ifPresent(this::closed));
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOTCONN) {
                return Optional.empty();
            }
            throw e;
        }
        if (socket instanceof SocketChannel) {
            key.ifPresent(server -> open.merge(server, 1, Integer::sum));
        }
        return Optional.of(socket);
    }

    /** Any thread. */
    private void closed(String key) {
        try {
            loop.execute(
                    () -> {
                        if (open.merge(key, -1, Integer::sum) == 0) {
                            open.remove(key);
                            tellIfClosed(key);
                        }
                    });
        } catch (RejectedExecutionException channelClosed) {
            // Nobody is left who asks.
        }
    }

    private void tellIfClosed(String key) {
        if (!open.containsKey(key) && closing.remove(key)) {
            send(Map.of("cmd", "NODE_SOCKET_ALL_CLOSED", "key", key));
        }
    }

    /** A frame that is no frame of the cluster's: perhaps a question about sockets. */
    void frame(Frame frame) throws ProtocolException {
        switch (frame.command()) {
            case "NODE_SOCKET_NOTIFY_CLOSE" -> {
                closing.add(key(frame));
                tellIfClosed(key(frame));
            }
            case "NODE_SOCKET_GET_COUNT" -> {
                int count = open.getOrDefault(key(frame), 0);
                send(Map.of("cmd", "NODE_SOCKET_COUNT", "key", key(frame), "count", count));
            }
            default -> {
                // Unknown frames are ignored: another version may have more of them.
            }
        }
    }

    private static String key(Frame frame) throws ProtocolException {
        return frame.text("key")
                .orElseThrow(() -> new ProtocolException(frame.command() + " without a key"));
    }

    private void send(Map<String, ?> answer) {
        channel.reply(answer, null, Delivery.IGNORED);
    }
}
