package dev.prefork.net;

import static org.awaitility.Awaitility.await;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.EventFd;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * The primary's side of a server: accepts, and hands what it accepted to one worker. One thread
 * does it all.
 */
final class Pump implements AutoCloseable {
    private static final int LISTENER = 0;
    private static final int STOP = 1;
    private static final int ANSWERS = 2;

    private final Fd listener;
    private final Epoll epoll = Epoll.open();
    private final EventFd stop = EventFd.open();
    private final QueueSource queue;
    private final DescriptorSocket socket;
    private final Fd workersEnd;
    private final Thread thread;
    private Fd outstanding;
    private boolean closed;

    private Pump(Fd listener, QueueSource queue, DescriptorSocket socket, Fd workersEnd)
            throws IOException {
        this.listener = listener;
        this.queue = queue;
        this.socket = socket;
        this.workersEnd = workersEnd;
        epoll.add(listener.number(), Epoll.READABLE, LISTENER);
        epoll.add(stop.descriptor(), Epoll.READABLE, STOP);
        if (socket != null) {
            epoll.add(socket.descriptor(), Epoll.READABLE, ANSWERS);
        }
        thread = Thread.ofPlatform().name("fake-primary").daemon().start(this::run);
    }

    static Pump intoQueue(Fd listener, QueueSource queue) throws IOException {
        return new Pump(listener, queue, null, null);
    }

    static Pump overSocket(Fd listener, Fd primarysEnd, Fd workersEnd) throws IOException {
        DescriptorSocket socket = new DescriptorSocket(primarysEnd, Handoff.BUFFER_BYTES);
        return new Pump(listener, null, socket, workersEnd);
    }

    private void run() {
        try {
            while (true) {
                int count = epoll.await(-1);
                for (int i = 0; i < count; i++) {
                    if (epoll.tag(i) == STOP) {
                        return;
                    }
                }
                readAnswers();
                accept();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            epoll.close();
            stop.close();
            listener.close();
            if (socket != null) {
                socket.close();
                workersEnd.close();
            }
            if (outstanding != null) {
                outstanding.close();
            }
        }
    }

    private void accept() throws IOException {
        while (outstanding == null) {
            int result = Sockets.accept(listener.number());
            if (result < 0) {
                return;
            }
            Fd connection = Fd.owning(result);
            if (queue != null) {
                queue.offer(connection, accepted -> {});
            } else {
                byte[] packet = {Handoff.CONNECTION};
                socket.send(packet, 0, 1, connection.number());
                outstanding = connection;
                epoll.change(listener.number(), 0, LISTENER);
            }
        }
    }

    private void readAnswers() throws IOException {
        if (socket != null && outstanding != null && socket.receive() > 0) {
            if (socket.received().get(0) != Handoff.ACCEPTED) {
                throw new IOException("unexpected answer " + socket.received().get(0));
            }
            outstanding.close();
            outstanding = null;
            epoll.change(listener.number(), Epoll.READABLE, LISTENER);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            stop.set();
            // Not join(): a test may have been interrupted.
            await().pollInterval(Duration.ofMillis(1)).until(() -> !thread.isAlive());
        }
    }
}
