package dev.prefork.loop;

import dev.prefork.posix.Fd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;

/**
 * A connected stream socket as blocking streams of java.io, safe for any thread: there is no thread
 * for each stream, its {@link BlockingSocket} waits on the loop.
 */
public final class StreamSocket {
    /** What a socket is used for. */
    public enum Direction {
        IN,
        OUT,
        BOTH
    }

    private final BlockingSocket socket;
    private final InputStream input = new Input();
    private final OutputStream output = new Output();

    private StreamSocket(BlockingSocket socket) {
        this.socket = socket;
    }

    /**
     * Makes streams of a socket.
     *
     * @param fd owned by the streams from now on
     * @throws RejectedExecutionException when the loop is closed
     */
    public static StreamSocket open(EventLoop loop, Fd fd, Direction direction) {
        return new StreamSocket(
                BlockingSocket.open(
                        loop, fd, direction != Direction.OUT, direction != Direction.IN));
    }

    /** At its end at once when the direction is OUT. */
    public InputStream input() {
        return input;
    }

    /** Closed when the direction is IN. */
    public OutputStream output() {
        return output;
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            return length == 0 ? 0 : socket.read(bytes, offset, length);
        }

        @Override
        public int available() {
            return socket.available();
        }

        @Override
        public void close() {
            socket.closeInput();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            socket.write(bytes, offset, length);
        }

        @Override
        public void close() {
            socket.closeOutput();
        }
    }
}
