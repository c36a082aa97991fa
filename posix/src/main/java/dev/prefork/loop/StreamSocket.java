package dev.prefork.loop;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A connected stream socket as blocking streams of java.io.
 *
 * <p>Safe for any thread. Who waits is parked, a virtual thread without its carrier, until the loop
 * tells that the socket is ready: there is no thread for each stream.
 *
 * <p>The descriptor is closed when both directions are closed or at their end, and when all other
 * ends are closed: what was not read by then is kept in memory, at most what a socket holds.
 */
public final class StreamSocket {
    /** What a socket is used for. */
    public enum Direction {
        IN,
        OUT,
        BOTH
    }

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int SHUT_RD = 0;
    private static final int SHUT_WR = 1;

    private final EventLoop loop;
    private final DescriptorSocket socket;
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private int interest;
    private boolean inputClosed;
    private boolean inputEnded;
    private boolean outputClosed;
    private boolean released;
    private PosixException failure;

    // The loop's.
    private EventLoop.Watch watch;

    private StreamSocket(EventLoop loop, Fd fd, Direction direction) {
        this.loop = loop;
        this.socket = new DescriptorSocket(fd, BUFFER_BYTES);
        this.inputEnded = direction == Direction.OUT;
        this.outputClosed = direction == Direction.IN;
    }

    /**
     * Makes streams of a socket.
     *
     * @param fd owned by the streams from now on
     * @throws RejectedExecutionException when the loop is closed
     */
    public static StreamSocket open(EventLoop loop, Fd fd, Direction direction) {
        StreamSocket streams = new StreamSocket(loop, fd, direction);
        try {
            loop.execute(streams::startWatching);
        } catch (RejectedExecutionException closed) {
            streams.socket.close();
            throw closed;
        }
        return streams;
    }

    /** At its end at once when the direction is OUT. */
    public InputStream input() {
        return input;
    }

    /** Closed when the direction is IN. */
    public OutputStream output() {
        return output;
    }

    // On the loop's thread.

    private void startWatching() {
        lock.lock();
        try {
            if (!released) {
                // The other end's close is always told, whatever is waited for.
                watch = loop.watch(socket.descriptor(), interest, this::ready);
            }
        } catch (PosixException noRoom) {
            fail(noRoom);
        } finally {
            lock.unlock();
        }
    }

    private void ready(int events) {
        lock.lock();
        try {
            if (released) {
                return;
            }
            interest &= ~events;
            if ((events & (Epoll.HANG_UP | Epoll.ERROR)) != 0) {
                takeTheRest();
                release();
            } else {
                watch.interest(interest);
            }
            changed.signalAll();
        } catch (PosixException noRoom) {
            fail(noRoom);
        } finally {
            lock.unlock();
        }
    }

    private void takeTheRest() {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        byte[] bytes = new byte[BUFFER_BYTES];
        while (!inputClosed && fill()) {
            int count = take(bytes, 0, bytes.length);
            rest.write(bytes, 0, count);
        }
        unread = ByteBuffer.wrap(rest.toByteArray());
        inputEnded = true;
    }

    private void updateInterest() {
        lock.lock();
        try {
            if (watch != null && !released) {
                watch.interest(interest);
            }
        } catch (PosixException noRoom) {
            fail(noRoom);
        } finally {
            lock.unlock();
        }
    }

    // With the lock held.

    /** Nobody would be told any more that the socket is ready: who waits must not wait for ever. */
    private void fail(PosixException reason) {
        failure = reason;
        release();
        changed.signalAll();
    }

    private void checkFailure() throws IOException {
        if (failure != null) {
            throw new IOException("the stream cannot be waited for", failure);
        }
    }

    /** Whether there is something in {@code unread}. */
    private boolean fill() {
        if (!unread.hasRemaining() && !released && !inputEnded) {
            int count = socket.receive();
            unread = socket.received();
            // An error of a Unix socket is that its other end went away.
            inputEnded = count <= 0 && count != DescriptorSocket.NOTHING;
        }
        return unread.hasRemaining();
    }

    private int take(byte[] bytes, int offset, int length) {
        int count = Math.min(length, unread.remaining());
        unread.get(bytes, offset, count);
        return count;
    }

    /** Returns early at times: every caller looks again. */
    @SuppressWarnings("WaitNotInLoop")
    private void await(int event) throws IOException {
        try {
            interest |= event;
            loop.execute(this::updateInterest);
            changed.await();
        } catch (RejectedExecutionException closed) {
            throw new IOException("the process ends", closed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void releaseIfDone() {
        if ((inputClosed || inputEnded) && outputClosed) {
            release();
        }
    }

    /** No more use of the descriptor; the loop closes it, as its watch must go first. */
    private void release() {
        if (released) {
            return;
        }
        released = true;
        if (unread.isDirect()) {
            // Its memory goes with the socket.
            unread = ByteBuffer.allocate(unread.remaining()).put(unread).flip();
        }
        try {
            loop.execute(this::closeDescriptor);
        } catch (RejectedExecutionException closed) {
            socket.close();
        }
    }

    private void closeDescriptor() {
        try {
            if (watch != null) {
                watch.cancel();
            }
        } catch (PosixException e) {
            throw new IllegalStateException("cannot unwatch " + socket.descriptor(), e);
        } finally {
            socket.close();
        }
    }

    private void closeDirection(int direction) {
        lock.lock();
        try {
            if (direction == SHUT_RD) {
                inputClosed = true;
                unread = ByteBuffer.allocate(0);
            } else {
                outputClosed = true;
            }
            releaseIfDone();
            if (!released) {
                Sockets.shutDown(socket.descriptor(), direction);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
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
            if (length == 0) {
                return 0;
            }
            lock.lock();
            try {
                while (!inputClosed) {
                    if (fill()) {
                        return take(bytes, offset, length);
                    }
                    if (inputEnded) {
                        releaseIfDone();
                        return -1;
                    }
                    checkFailure();
                    StreamSocket.this.await(Epoll.READABLE);
                }
                throw new IOException("the stream is closed");
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int available() {
            lock.lock();
            try {
                return !inputClosed && fill() ? unread.remaining() : 0;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            closeDirection(SHUT_RD);
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
            lock.lock();
            try {
                for (int done = 0; done < length; ) {
                    if (outputClosed) {
                        throw new IOException("the stream is closed");
                    }
                    checkFailure();
                    int count =
                            released
                                    ? -Errno.EPIPE
                                    : socket.send(
                                            bytes,
                                            offset + done,
                                            length - done,
                                            DescriptorSocket.NO_DESCRIPTOR);
                    if (count == -Errno.EAGAIN) {
                        StreamSocket.this.await(Epoll.WRITABLE);
                    } else if (count < 0) {
                        throw new PosixException("sendmsg", "pipe", -count);
                    } else {
                        done += count;
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            closeDirection(SHUT_WR);
        }
    }
}
