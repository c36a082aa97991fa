package dev.prefork.net;

import dev.prefork.posix.Fd;

import sun.nio.ch.Net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The accepts of one server: one at a time takes a connection or waits for it, the others queue, as
 * in the JDK. For the channel, its socket adaptor and a ServerSocket, which differ in what a
 * timeout and an interrupt mean.
 */
final class AcceptQueue {
    private final ClusterServerSocketChannel channel;
    private final ServerBinding binding;
    private final Readiness readiness;
    private final ReentrantLock lock = new ReentrantLock();

    AcceptQueue(ClusterServerSocketChannel channel, ServerBinding binding) {
        this.channel = channel;
        this.binding = binding;
        this.readiness = binding.readiness();
    }

    /** Of the channel: null if it is non-blocking and there is no connection. */
    SocketChannel accept() throws IOException {
        lock.lock();
        try {
            channel.ensureOpen();
            return accept(channel.isBlocking(), 0);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Of the adaptor: as {@link #accept()}, for at most so long.
     *
     * @throws IllegalBlockingModeException if the channel is non-blocking
     * @throws SocketTimeoutException if the time is over
     */
    SocketChannel acceptWithin(long nanos) throws IOException {
        lock.lock();
        try {
            if (!channel.isBlocking()) {
                throw new IllegalBlockingModeException();
            }
            return accept(true, nanos);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Of a ServerSocket without a channel: an interrupt does not close it, and the time that others
     * accept before it counts.
     *
     * @param timeoutMillis 0 waits for ever
     * @throws InterruptedIOException if the thread is virtual and interrupted
     * @throws SocketTimeoutException if the time is over
     */
    SocketChannel acceptForSocket(int timeoutMillis) throws IOException {
        long nanos = lockWithin(TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
        try {
            channel.ensureOpen();
            readiness.acceptBegins(true);
            try {
                SocketChannel accepted = awaitNext(nanos, false);
                if (accepted == null) {
                    throw new AsynchronousCloseException();
                }
                return accepted;
            } finally {
                readiness.acceptEnds(channel);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns when no accept is in progress. */
    @SuppressWarnings("LockNotBeforeTry") // nothing to do between the two
    void awaitIdle() {
        lock.lock();
        lock.unlock();
    }

    /** Returns what is left of the time; 0 is no limit, before and after. */
    private long lockWithin(long nanos) throws SocketTimeoutException {
        if (nanos == 0) {
            lock.lock();
            return 0;
        }
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new SocketTimeoutException("Accept timed out");
                }
                try {
                    if (lock.tryLock(left, TimeUnit.NANOSECONDS)) {
                        return Math.max(1, end - System.nanoTime());
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private SocketChannel accept(boolean blocking, long nanos) throws IOException {
        SocketChannel accepted = null;
        try {
            begin(blocking);
            accepted = blocking ? awaitNext(nanos, true) : next();
        } finally {
            end(blocking, accepted);
        }
        return accepted;
    }

    private void begin(boolean blocking) throws IOException {
        if (blocking) {
            channel.interruptCloses();
        }
        channel.ensureOpen();
        if (!channel.isBound()) {
            throw new NotYetBoundException();
        }
        readiness.acceptBegins(blocking);
    }

    private void end(boolean blocking, SocketChannel accepted) throws IOException {
        readiness.acceptEnds(channel);
        if (!blocking) {
            return;
        }
        boolean delivered = false;
        try {
            channel.interruptClosesNoMore(accepted != null);
            delivered = true;
        } finally {
            // An interrupt wins over a connection that came in the same instant.
            if (!delivered && accepted != null) {
                accepted.close();
            }
        }
    }

    /**
     * Waits for a connection, or until the channel is closed: then it may return null.
     *
     * @param nanos 0 waits for ever
     * @param interruptClosesChannel and therefore need not be looked for
     */
    private SocketChannel awaitNext(long nanos, boolean interruptClosesChannel) throws IOException {
        long start = nanos > 0 ? System.nanoTime() : 0;
        SocketChannel accepted = next();
        while (accepted == null && channel.isOpen()) {
            long left = 0;
            if (nanos > 0) {
                left = nanos - (System.nanoTime() - start);
                if (left <= 0) {
                    throw new SocketTimeoutException("Accept timed out");
                }
            }
            channel.park(Net.POLLIN, left);
            if (!interruptClosesChannel
                    && Thread.currentThread().isVirtual()
                    && Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException();
            }
            accepted = next();
        }
        return accepted;
    }

    private SocketChannel next() throws IOException {
        return binding.next(this::adopt);
    }

    private SocketChannel adopt(
            StandardProtocolFamily family,
            Fd connection,
            SocketAddress remote,
            OpenConnection watch)
            throws IOException {
        return JdkChannels.adopt(channel.provider(), family, connection, remote, watch);
    }
}
