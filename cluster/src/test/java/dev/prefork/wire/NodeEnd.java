package dev.prefork.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.json.Json;
import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Fd;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;

/**
 * The other end of a channel as a Node process would write and read it, line by line. Quotes are
 * written {@code '}. Every wait has a deadline.
 */
public final class NodeEnd implements AutoCloseable {
    private static final int DEADLINE_MILLIS = 20_000;

    private final DescriptorSocket socket;
    private final Queue<Fd> descriptors = new ArrayDeque<>();
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();

    /** Owns the socket. */
    public NodeEnd(Fd socket) {
        this.socket = new DescriptorSocket(socket, 64 << 10);
    }

    /** Sends a line. */
    public void send(String json) throws Exception {
        send(json, DescriptorSocket.NO_DESCRIPTOR);
    }

    /** Sends a line with a bare handle, of which this end keeps none; it must be acknowledged. */
    public void send(String json, Fd handle) throws Exception {
        String wrapped = "{'cmd':'NODE_HANDLE','type':'net.Native','msg':" + json + "}";
        try (handle) {
            send(wrapped, handle.number());
        }
    }

    /** Sends a line; false if there was no room for it within a second. */
    boolean offer(String json) throws Exception {
        byte[] line = line(json);
        int sent = socket.send(line, 0, line.length, DescriptorSocket.NO_DESCRIPTOR);
        while (sent == DescriptorSocket.NOTHING && becomes(Epoll.WRITABLE, 1000)) {
            sent = socket.send(line, 0, line.length, DescriptorSocket.NO_DESCRIPTOR);
        }
        return sent == line.length;
    }

    private void send(String json, int descriptor) throws Exception {
        byte[] line = line(json);
        int sent = socket.send(line, 0, line.length, descriptor);
        while (sent == DescriptorSocket.NOTHING) {
            await(Epoll.WRITABLE);
            sent = socket.send(line, 0, line.length, descriptor);
        }
        assertThat(sent).as("bytes sent").isEqualTo(line.length);
    }

    private static byte[] line(String json) {
        return (json.replace('\'', '"') + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The next line; empty at the end of the channel. */
    @SuppressWarnings("unchecked") // an object read by Json has String keys
    public Map<String, Object> read() throws Exception {
        while (true) {
            byte[] bytes = unread.toByteArray();
            for (int end = 0; end < bytes.length; end++) {
                if (bytes[end] == '\n') {
                    unread.reset();
                    unread.write(bytes, end + 1, bytes.length - end - 1);
                    return (Map<String, Object>) Json.read(bytes, 0, end);
                }
            }
            if (!receive()) {
                return Map.of();
            }
        }
    }

    private boolean receive() throws Exception {
        int count = socket.receive();
        while (count == DescriptorSocket.NOTHING) {
            await(Epoll.READABLE);
            count = socket.receive();
        }
        if (count <= 0) {
            return false;
        }
        for (Fd fd = socket.takeDescriptor(); fd != null; fd = socket.takeDescriptor()) {
            descriptors.add(fd);
        }
        byte[] bytes = new byte[count];
        socket.received().get(bytes);
        unread.writeBytes(bytes);
        return true;
    }

    private void await(int events) throws Exception {
        assertThat(becomes(events, DEADLINE_MILLIS)).as("something happens").isTrue();
    }

    private boolean becomes(int events, int millis) throws Exception {
        try (Epoll epoll = Epoll.open()) {
            epoll.add(socket.descriptor(), events, 0);
            return epoll.await(millis) == 1;
        }
    }

    @Override
    public void close() {
        descriptors.forEach(Fd::close);
        socket.close();
    }
}
