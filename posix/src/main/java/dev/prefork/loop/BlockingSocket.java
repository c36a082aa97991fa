package dev.prefork.loop;

import dev.prefork.posix.DescriptorStream;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A non-blocking stream socket, or one end of a pipe, whose readers and writers wait.
 *
 * <p>Safe for any thread. Who waits is parked, a virtual thread without its carrier, until the loop
 * tells that the socket is ready: there is no thread for each stream.
 *
 * <p>The descriptor is closed when both directions are closed or at their end, and when all other
 * ends are closed: what was not read by then is kept in memory, at most what a socket holds.
 */
final class BlockingSocket {
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int SHUT_RD = 0;
    private static final int SHUT_WR = 1;

    private final EventLoop loop;
    private final DescriptorStream stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final Unread unread = new Unread();
    private int interest;
    private boolean inputClosed;
    private boolean inputEnded;
    private boolean outputClosed;
    private boolean released;
    private PosixException failure;

    // The loop's.
    private EventLoop.Watch watch;

    private BlockingSocket(EventLoop loop, Fd fd, boolean reads, boolean writes) {
        this.loop = loop;
        this.stream = new DescriptorStream(fd, BUFFER_BYTES);
        this.inputEnded = !reads;
        this.outputClosed = !writes;
    }

    /**
     * Waits on a stream.
     *
     * @param fd owned from now on
     * @param reads whether it is read from
     * @param writes whether it is written to
     * @throws RejectedExecutionException when the loop is closed
     */
    static BlockingSocket open(EventLoop loop, Fd fd, boolean reads, boolean writes) {
        BlockingSocket opened = new BlockingSocket(loop, fd, reads, writes);
        try {
            loop.execute(opened::startWatching);
        } catch (RejectedExecutionException closed) {
            opened.stream.close();
            throw closed;
        }
        return opened;
    }

    // Reading and writing.

    /** As {@link java.io.InputStream#read(byte[], int, int)}; at least one byte is wanted. */
    int read(byte[] bytes, int offset, int length) throws IOException {
        lock.lock();
        try {
            while (!inputClosed) {
                if (fill()) {
                    return unread.take(bytes, offset, length);
                }
                if (inputEnded) {
                    releaseIfDone();
                    return -1;
                }
                checkFailure();
                await(Epoll.READABLE);
            }
            throw new IOException("the stream is closed");
        } finally {
            lock.unlock();
        }
    }

    int available() {
        lock.lock();
        try {
            return !inputClosed && fill() ? unread.count() : 0;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link java.io.OutputStream#write(byte[], int, int)}. */
    void write(byte[] bytes, int offset, int length) throws IOException {
        lock.lock();
        try {
            for (int done = 0; done < length; ) {
                if (outputClosed) {
                    throw new IOException("the stream is closed");
                }
                checkFailure();
                int count = send(bytes, offset + done, length - done);
                if (count == -Errno.EAGAIN) {
                    await(Epoll.WRITABLE);
                } else if (count < 0) {
                    throw new PosixException("write", "pipe", -count);
                } else {
                    done += count;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void closeInput() {
        lock.lock();
        try {
            inputClosed = true;
            unread.drop();
            closed(SHUT_RD);
        } finally {
            lock.unlock();
        }
    }

    void closeOutput() {
        lock.lock();
        try {
            outputClosed = true;
            closed(SHUT_WR);
        } finally {
            lock.unlock();
        }
    }

    // On the loop's thread.

    private void startWatching() {
        lock.lock();
        try {
            if (!released) {
                // The other end's close is always told, whatever is waited for.
                watch = loop.watch(stream.descriptor(), interest, this::ready);
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
            int count = unread.take(bytes, 0, bytes.length);
            rest.write(bytes, 0, count);
        }
        unread.become(ByteBuffer.wrap(rest.toByteArray()));
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

    private int send(byte[] bytes, int offset, int length) {
        return released ? -Errno.EPIPE : stream.write(bytes, offset, length);
    }

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
        if (unread.count() == 0 && !released && !inputEnded) {
            int count = stream.read();
            unread.become(stream.received());
            // An error of a Unix socket is that its other end went away.
            inputEnded = count <= 0 && count != DescriptorStream.NOTHING;
        }
        return unread.count() > 0;
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
        unread.leaveNativeMemory();
        try {
            loop.execute(this::closeDescriptor);
        } catch (RejectedExecutionException closed) {
            stream.close();
        }
    }

    private void closeDescriptor() {
        try {
            if (watch != null) {
                watch.cancel();
            }
        } catch (PosixException e) {
            throw new IllegalStateException("cannot unwatch " + stream.descriptor(), e);
        } finally {
            stream.close();
        }
    }

    private void closed(int direction) {
        releaseIfDone();
        if (!released) {
            Sockets.shutDown(stream.descriptor(), direction);
        }
        changed.signalAll();
    }
}
