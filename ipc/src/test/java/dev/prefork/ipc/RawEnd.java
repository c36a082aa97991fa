package dev.prefork.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;

/** The other end of a channel as bytes and descriptors: what a peer can do that is no Channel. */
final class RawEnd implements AutoCloseable {
    private final DescriptorSocket socket;
    private final ArrayDeque<Fd> descriptors = new ArrayDeque<>();
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();

    RawEnd(Fd socket) {
        this.socket = new DescriptorSocket(socket, 64 << 10);
    }

    RawEnd send(String text) throws PosixException {
        return send(text, null);
    }

    /** Sends it all; the descriptor goes with the first byte and is then closed here. */
    RawEnd send(String text, Fd descriptor) throws PosixException {
        byte[] bytes = text.getBytes(UTF_8);
        assertThat(trySend(bytes, descriptor)).as("bytes sent").isEqualTo(bytes.length);
        return this;
    }

    /** How many bytes the other end let us send; fewer when it has closed. */
    int trySend(byte[] bytes, Fd descriptor) throws PosixException {
        int sent = 0;
        while (sent < bytes.length) {
            int number =
                    sent == 0 && descriptor != null
                            ? descriptor.number()
                            : DescriptorSocket.NO_DESCRIPTOR;
            int count = socket.send(bytes, sent, bytes.length - sent, number);
            if (count == DescriptorSocket.NOTHING) {
                await(Epoll.WRITABLE);
            } else if (count < 0) {
                break;
            } else {
                sent += count;
            }
        }
        if (descriptor != null) {
            descriptor.close();
        }
        return sent;
    }

    /** Sends it all unless there is no room for its first byte. */
    boolean offer(byte[] bytes) throws PosixException {
        int count = socket.send(bytes, 0, bytes.length, DescriptorSocket.NO_DESCRIPTOR);
        if (count == DescriptorSocket.NOTHING) {
            return false;
        }
        assertThat(count).as("bytes sent").isEqualTo(bytes.length);
        return true;
    }

    /** The next line, without its line break; null at the end of the stream. */
    String readLine() throws PosixException {
        while (true) {
            byte[] bytes = unread.toByteArray();
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    unread.reset();
                    unread.write(bytes, i + 1, bytes.length - i - 1);
                    return new String(bytes, 0, i, UTF_8);
                }
            }
            if (!read()) {
                assertThat(unread.size()).as("bytes of a line without its end").isZero();
                return null;
            }
        }
    }

    /** Reads what there is, or waits for something; false at the end of the stream. */
    boolean read() throws PosixException {
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

    /** How many descriptors came; closes them. */
    int dropDescriptors() {
        int count = descriptors.size();
        descriptors.forEach(Fd::close);
        descriptors.clear();
        return count;
    }

    private void await(int events) throws PosixException {
        try (Epoll epoll = Epoll.open()) {
            epoll.add(socket.descriptor(), events, 0);
            assertThat(epoll.await(End.DEADLINE_SECONDS * 1000)).as("something happens").isOne();
        }
    }

    @Override
    public void close() {
        dropDescriptors();
        socket.close();
    }
}
