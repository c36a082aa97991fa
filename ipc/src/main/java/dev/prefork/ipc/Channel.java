package dev.prefork.ipc;

import dev.prefork.loop.EventLoop;
import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One end of Node's channel: messages both ways, in order, with handles.
 *
 * <p>{@link #send}, {@link #disconnect} and {@link #isConnected} are safe for any thread and never
 * block; everything else happens on the loop's thread. After a message with a handle, those behind
 * it wait until the other end has acknowledged the handle (NODE_HANDLE_ACK), as Node's do.
 *
 * <pre>
 *   CONNECTED ── disconnect() ──▶ FLUSHING ── all written and acknowledged ──▶ CLOSED
 *       └───────── the other end closed, or broke the protocol ────────────────▶
 * </pre>
 */
public final class Channel {
    private enum State {
        CONNECTED,
        FLUSHING,
        CLOSED
    }

    /** More than this waiting to be written makes {@link #send} return false. Node: 65536 * 2. */
    private static final int HIGH_WATER_BYTES = 128 << 10;

    private static final int BUFFER_BYTES = 64 << 10;

    /** So many reads in a row before other descriptors of the loop get their turn. */
    private static final int READS_PER_TURN = 16;

    /** Node sends a handle that did not arrive again at most 3 times, then drops it and warns. */
    private static final int MAX_RESENDS = 3;

    private static final String HANDLE = "NODE_HANDLE";
    private static final String HANDLE_ACK = "NODE_HANDLE_ACK";
    private static final String HANDLE_NACK = "NODE_HANDLE_NACK";

    private final EventLoop loop;
    private final DescriptorSocket socket;
    private final ChannelListener listener;
    private final LineDecoder decoder = new LineDecoder(this::line);
    private final AtomicLong unwrittenBytes = new AtomicLong();
    private final AtomicInteger unacknowledgedHandles = new AtomicInteger();

    private final ArrayDeque<Outgoing> writing = new ArrayDeque<>();
    private final ArrayDeque<Outgoing> behindHandle = new ArrayDeque<>();
    private final ArrayDeque<Fd> receivedDescriptors = new ArrayDeque<>();
    private final ArrayDeque<CompletableFuture<Void>> flushing = new ArrayDeque<>();
    private EventLoop.Watch watch;
    private Outgoing unacknowledged;
    private volatile State state = State.CONNECTED;

    private Channel(EventLoop loop, Fd socket, ChannelListener listener) {
        this.loop = loop;
        this.socket = new DescriptorSocket(socket, BUFFER_BYTES);
        this.listener = listener;
    }

    /**
     * Opens this end of the channel. On the loop's thread.
     *
     * @param socket a Unix stream socket, owned by the channel from now on
     */
    public static Channel open(EventLoop loop, Fd socket, ChannelListener listener)
            throws PosixException {
        Channel channel = new Channel(loop, socket, listener);
        channel.watch = loop.watch(channel.socket.descriptor(), Epoll.READABLE, channel::ready);
        return channel;
    }

    /** True until {@link #disconnect} or the other end's: from then on nothing more can be sent. */
    public boolean isConnected() {
        return state == State.CONNECTED;
    }

    /**
     * Sends a message.
     *
     * @param message what {@link Json#writeLine} takes
     * @param handle what goes with it, or null; the channel's from now on: it is closed when the
     *     other end has it
     * @return false when the sender should wait: much is unwritten, or a handle is unacknowledged,
     *     or the channel is closed; the message is queued all the same unless the channel is closed
     * @throws IllegalArgumentException when there is no JSON for the message; nothing is sent
     */
    public boolean send(Object message, Handle handle, Delivery delivery) {
        Outgoing outgoing = new Outgoing(message, handle, delivery);
        boolean roomy = unwrittenBytes.addAndGet(outgoing.line.length) <= HIGH_WATER_BYTES;
        roomy &=
                handle == null
                        ? unacknowledgedHandles.get() == 0
                        : unacknowledgedHandles.getAndIncrement() == 0;
        if (loop.inLoop()) {
            enqueue(outgoing);
        } else {
            try {
                loop.execute(() -> enqueue(outgoing));
            } catch (RejectedExecutionException closed) {
                outgoing.failed(new ChannelClosedException());
                outgoing.closeHandle();
                return false;
            }
        }
        return roomy && isConnected();
    }

    /** Takes no more messages, writes those that wait, then closes. */
    public void disconnect() {
        if (!loop.inLoop()) {
            try {
                loop.execute(this::disconnect);
            } catch (RejectedExecutionException closed) {
                // And this with it.
            }
        } else if (state == State.CONNECTED) {
            state = State.FLUSHING;
            closeIfFlushed();
        }
    }

    /**
     * Done, on the loop's thread, when all that was sent before is written or never will be. Safe
     * for any thread.
     */
    public CompletableFuture<Void> flushed() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            loop.execute(
                    () -> {
                        flushing.add(done);
                        tellFlushed();
                    });
        } catch (RejectedExecutionException closed) {
            done.complete(null);
        }
        return done;
    }

    private void tellFlushed() {
        if (writing.isEmpty() && behindHandle.isEmpty()) {
            flushing.forEach(done -> done.complete(null));
            flushing.clear();
        }
    }

    // Sending.

    private void enqueue(Outgoing outgoing) {
        if (state != State.CONNECTED) {
            fail(outgoing, new ChannelClosedException());
        } else if (unacknowledged != null || !behindHandle.isEmpty()) {
            behindHandle.add(outgoing);
        } else {
            unacknowledged = outgoing.handle == null ? null : outgoing;
            write(outgoing);
        }
    }

    /** Acknowledgements must not wait behind our own handle: both sides may be sending one. */
    private void sendControl(String command) {
        Outgoing control = new Outgoing(Map.of("cmd", command), null, Delivery.IGNORED);
        unwrittenBytes.addAndGet(control.line.length);
        write(control);
    }

    private void write(Outgoing outgoing) {
        writing.add(outgoing);
        if (writing.size() == 1) {
            flush();
        }
    }

    private void flush() {
        for (Outgoing first = next(); first != null; first = next()) {
            int descriptor =
                    first.written == 0 && first.handle != null
                            ? first.handle.fd().number()
                            : DescriptorSocket.NO_DESCRIPTOR;
            int count =
                    socket.send(
                            first.line,
                            first.written,
                            first.line.length - first.written,
                            descriptor);
            if (count == DescriptorSocket.NOTHING) {
                break;
            } else if (count < 0) {
                // EPIPE: what the other end wrote before it closed is still to be read, and its end
                // of file ends us.
                // ETOOMANYREFS: too many descriptors are under way; the messages behind this handle
                // can go.
                notSent(writing.remove(), new PosixException("sendmsg", "channel", -count));
                continue;
            }
            first.written += count;
            unwrittenBytes.addAndGet(-count);
            if (first.isWritten()) {
                writing.remove();
                first.delivered();
            }
        }
        showInterest();
        tellFlushed();
        closeIfFlushed();
    }

    /** What is to be written now; those behind a handle follow when it is acknowledged. */
    private Outgoing next() {
        if (writing.isEmpty() && unacknowledged == null && !behindHandle.isEmpty()) {
            Outgoing next = behindHandle.remove();
            unacknowledged = next.handle == null ? null : next;
            writing.add(next);
        }
        return writing.peek();
    }

    private void notSent(Outgoing lost, PosixException reason) {
        fail(lost, reason);
        if (lost == unacknowledged) {
            forgetHandle();
        }
    }

    private void showInterest() {
        try {
            watch.interest(writing.isEmpty() ? Epoll.READABLE : Epoll.READABLE | Epoll.WRITABLE);
        } catch (PosixException e) {
            close(e);
        }
    }

    private void acknowledged() throws ProtocolException {
        checkSent();
        forgetHandle();
        flush();
    }

    private void checkSent() throws ProtocolException {
        if (unacknowledged != null && !unacknowledged.isWritten()) {
            throw new ProtocolException("a handle is acknowledged before it was sent");
        }
    }

    private void forgetHandle() {
        if (unacknowledged != null) {
            unacknowledged.closeHandle();
            unacknowledged = null;
            unacknowledgedHandles.decrementAndGet();
        }
    }

    private void notAcknowledged() throws ProtocolException {
        checkSent();
        Outgoing lost = unacknowledged;
        if (lost == null) {
            return;
        }
        if (lost.resends++ < MAX_RESENDS) {
            lost.written = 0;
            unwrittenBytes.addAndGet(lost.line.length);
            write(lost);
        } else {
            listener.error(
                    new ProtocolException(
                            "a handle did not reach the other process in "
                                    + (MAX_RESENDS + 1)
                                    + " attempts: it may have too many open descriptors"));
            acknowledged();
        }
    }

    private void closeIfFlushed() {
        if (state == State.FLUSHING
                && writing.isEmpty()
                && behindHandle.isEmpty()
                && unacknowledged == null) {
            close(null);
        }
    }

    // Receiving.

    private void ready(int events) {
        if ((events & Epoll.WRITABLE) != 0) {
            flush();
        }
        for (int i = 0; i < READS_PER_TURN && state != State.CLOSED; i++) {
            int count = socket.receive();
            if (count == DescriptorSocket.NOTHING) {
                return;
            } else if (count <= 0) {
                close(
                        decoder.isInsideLine()
                                ? new ProtocolException(
                                        "the channel ended in the middle of a message")
                                : null);
                return;
            }
            received();
        }
    }

    private void received() {
        for (Fd fd = socket.takeDescriptor(); fd != null; fd = socket.takeDescriptor()) {
            receivedDescriptors.add(fd);
        }
        try {
            decoder.feed(socket.received());
            // A descriptor comes with the first byte of its message, and one at a time. Whoever
            // sends more hoards ours.
            int expected = decoder.isInsideLine() ? 1 : 0;
            if (receivedDescriptors.size() > expected) {
                throw new ProtocolException("a descriptor came without a message of its own");
            }
        } catch (ProtocolException broken) {
            close(broken);
        } catch (OutOfMemoryError tooLong) {
            // Of this one message, which has brought so much: the memory comes back with its close.
            close(new ProtocolException("a message too long for this JVM's heap", tooLong));
        }
    }

    private void line(byte[] bytes, int offset, int length) throws ProtocolException {
        if (state == State.CLOSED) {
            return;
        }
        Object value = Json.read(bytes, offset, length);
        Optional<Frame> frame = Frame.of(value);
        if (frame.isEmpty()) {
            deliver(() -> listener.message(value, Optional.empty()));
            return;
        }
        switch (frame.get().command()) {
            case HANDLE_ACK -> acknowledged();
            case HANDLE_NACK -> notAcknowledged();
            case HANDLE -> handle(frame.get());
            default -> deliver(() -> listener.frame(frame.get(), Optional.empty()));
        }
    }

    private void handle(Frame frame) throws ProtocolException {
        String type =
                frame.text("type")
                        .orElseThrow(() -> new ProtocolException("NODE_HANDLE without a type"));
        Optional<String> key = frame.text("key");
        Fd fd = receivedDescriptors.poll();
        if (fd == null) {
            // Dropped by the kernel: this process had no free descriptor.
            sendControl(HANDLE_NACK);
            return;
        }
        sendControl(HANDLE_ACK);
        Object message = frame.fields().get("msg");
        Optional<Frame> inner = Frame.of(message);
        Handle handle = new Handle(type, fd, Optional.empty(), key);
        deliver(
                () -> {
                    if (inner.isPresent()) {
                        listener.frame(inner.get(), Optional.of(fd));
                    } else {
                        listener.message(message, Optional.of(handle));
                    }
                });
    }

    private interface Call {
        void run() throws Exception;
    }

    /** The listener's own faults must not look like the peer's, nor stop the next message. */
    private void deliver(Call call) throws ProtocolException {
        try {
            call.run();
        } catch (ProtocolException broken) {
            throw broken;
        } catch (Exception fault) {
            listener.error(fault);
        }
    }

    // The end.

    private void close(Exception problem) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        try {
            watch.cancel();
        } catch (PosixException e) {
            listener.error(e);
        }
        socket.close();
        decoder.close();
        receivedDescriptors.forEach(Fd::close);
        receivedDescriptors.clear();
        forgetHandle();
        if (problem != null) {
            listener.error(problem);
        }
        failAll(writing, new ChannelClosedException());
        failAll(behindHandle, new ChannelClosedException());
        tellFlushed();
        listener.disconnected();
    }

    private void failAll(ArrayDeque<Outgoing> queue, Exception reason) {
        for (Outgoing next = queue.poll(); next != null; next = queue.poll()) {
            fail(next, reason);
        }
    }

    private void fail(Outgoing lost, Exception reason) {
        unwrittenBytes.addAndGet(lost.written - lost.line.length);
        lost.failed(reason);
        lost.closeHandle();
    }
}
