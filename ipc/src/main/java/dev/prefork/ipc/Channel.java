package dev.prefork.ipc;

import dev.prefork.json.Json;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * One end of Node's channel: messages both ways, in order, with handles.
 *
 * <p>{@link #send}, {@link #sendMessage}, {@link #reply}, {@link #disconnect} and {@link
 * #isConnected} are safe for any thread and never block; everything else happens on the loop's
 * thread. After a message with a handle, those behind it wait until the other end has acknowledged
 * the handle (NODE_HANDLE_ACK), as Node's do.
 *
 * <p>Nothing that the other end does grows without bound here. It is not read while more than 128
 * KiB of its messages are with the listener ({@link Receipt}), while another thread reads one of
 * more than 64 KiB, or while it does not read more than 1 MiB of our answers.
 */
public final class Channel {
    private static final int BUFFER_BYTES = 64 << 10;

    private final EventLoop loop;
    private final DescriptorSocket socket;
    private final ChannelListener listener;
    private final Consumer<Throwable> faults;
    private final SendQueue queue = new SendQueue();
    private final ChannelWriter writer;
    private final ReceiveWindow window = new ReceiveWindow(() -> later(this::showInterest));
    private final Incoming incoming;
    private final ChannelReader reader;
    private EventLoop.Watch watch;
    private volatile Runnable drained = () -> {};

    /** What has been received waits for the window or for the peer to read. */
    private boolean held;

    /** What was sent by other threads is written at the end of this step of the loop. */
    private boolean flushes;

    /** The other end is gone: all that it will ever send is in the socket. */
    private boolean hungUp;

    private volatile ChannelState state = ChannelState.CONNECTED;

    private Channel(EventLoop loop, Fd socket, ChannelListener listener, Executor parser) {
        this.loop = loop;
        this.faults = loop::fault;
        this.socket = new DescriptorSocket(socket, BUFFER_BYTES);
        this.writer = new ChannelWriter(queue, this.socket);
        this.listener = listener;
        this.incoming = new Incoming(loop, listener, new Handles(), window, parser, this::receive);
        this.reader = new ChannelReader(this.socket, incoming);
    }

    /**
     * Opens this end of the channel. On the loop's thread.
     *
     * @param socket a Unix stream socket, owned by the channel from now on
     * @param parser reads messages of more than 64 KiB, one of a channel at a time, so that the
     *     loop has time for others
     */
    public static Channel open(EventLoop loop, Fd socket, ChannelListener listener, Executor parser)
            throws PosixException {
        Channel channel = new Channel(loop, socket, listener, parser);
        try {
            channel.watch = loop.watch(socket.number(), Epoll.READABLE, channel::ready);
            return channel;
        } catch (PosixException | RuntimeException | Error noRoom) {
            channel.socket.close();
            throw noRoom;
        }
    }

    /** True until {@link #disconnect} or the other end's: from then on nothing more can be sent. */
    public boolean isConnected() {
        return state == ChannelState.CONNECTED;
    }

    /**
     * Whether the other end marks what is between the runtimes, as Bun does and Node does not, and
     * takes nothing for it that is not marked. Known from the first such message on.
     */
    public boolean isMarking() {
        return incoming.isMarking();
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
        return send(outgoing(message, handle, Outgoing.Kind.OWN, delivery));
    }

    /**
     * As {@link #send}, of what the application says.
     *
     * @throws IllegalArgumentException also for what the other end would take for a {@link Frame}
     */
    public boolean sendMessage(Object message, Delivery delivery) {
        return sendLine(line(message), delivery);
    }

    /**
     * As {@link #send}, of an answer to what the other end has sent: while it leaves much of this
     * unread, it is not asked for more.
     */
    public boolean reply(Object message, Handle handle, Delivery delivery) {
        return send(outgoing(message, handle, Outgoing.Kind.REPLY, delivery));
    }

    /**
     * As {@link #sendMessage}, of a {@link #line} that is sent to several.
     *
     * @param line not to be changed any more
     */
    public boolean sendLine(byte[] line, Delivery delivery) {
        return send(new Outgoing(line, null, Outgoing.Kind.OWN, guarded(delivery)));
    }

    /**
     * The bytes of a message of the application's.
     *
     * @throws IllegalArgumentException as {@link #sendMessage} does
     */
    public static byte[] line(Object message) {
        byte[] line = Json.writeLine(message);
        Frame.refuse(line);
        return line;
    }

    /**
     * Whom to tell, on the loop's thread, that there is room again after a send has said to wait.
     * What is not sent because the channel closes makes no room.
     */
    public void onDrain(Runnable told) {
        drained = told;
    }

    private GuardedDelivery guarded(Delivery delivery) {
        return new GuardedDelivery(delivery, faults);
    }

    private Outgoing outgoing(
            Object message, Handle handle, Outgoing.Kind kind, Delivery delivery) {
        Optional<Frame> frame = isMarking() ? Frame.of(message) : Optional.empty();
        return frame.isPresent()
                ? Outgoing.marked(frame.get(), handle, kind, guarded(delivery))
                : new Outgoing(message, handle, kind, guarded(delivery));
    }

    private boolean send(Outgoing outgoing) {
        boolean roomy = queue.reserve(outgoing);
        if (loop.inLoop()) {
            if (enqueue(outgoing)) {
                flush();
            }
        } else {
            try {
                loop.executeAtOnce(() -> enqueueFromElsewhere(outgoing));
            } catch (RejectedExecutionException closed) {
                queue.refuse(outgoing, new ChannelClosedException());
                return false;
            }
        }
        return roomy && isConnected();
    }

    /** Takes no more messages, writes those that wait, then closes. */
    public void disconnect() {
        if (!loop.inLoop()) {
            later(this::disconnect);
        } else if (state == ChannelState.CONNECTED) {
            state = ChannelState.FLUSHING;
            closeIfFlushed();
        }
    }

    /** Closes now: what has found no room is not written. */
    public void abort() {
        if (loop.inLoop()) {
            flushThese();
            close(null);
        } else {
            later(this::abort);
        }
    }

    /**
     * Done, on the loop's thread, when all that was sent before is written or never will be. Safe
     * for any thread.
     */
    public CompletableFuture<Void> flushed() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            loop.execute(() -> queue.tellWhenWritten(done));
        } catch (RejectedExecutionException closed) {
            done.complete(null);
        }
        return done;
    }

    private boolean enqueue(Outgoing outgoing) {
        boolean connected = state == ChannelState.CONNECTED;
        if (connected) {
            queue.add(outgoing);
        } else {
            queue.refuse(outgoing, new ChannelClosedException());
        }
        return connected;
    }

    /** What other threads have sent meanwhile is written together. */
    private void enqueueFromElsewhere(Outgoing outgoing) {
        if (enqueue(outgoing) && !flushes) {
            flushes = true;
            loop.afterStep(this::flushThese);
        }
    }

    private void flushThese() {
        if (flushes) {
            flushes = false;
            flush();
        }
    }

    private void flush() {
        if (state == ChannelState.CLOSED) {
            return;
        }
        try {
            if (!writer.write()) {
                return;
            }
        } catch (PosixException broken) {
            close(broken);
        }
        showInterest();
        queue.tellIfWritten();
        if (state == ChannelState.CONNECTED && queue.hasDrained()) {
            tell(drained);
        }
        closeIfFlushed();
    }

    private void closeIfFlushed() {
        if (state == ChannelState.FLUSHING && queue.isDone()) {
            close(null);
        }
    }

    /** What the messages of the other end about handles do to the queue. */
    private final class Handles implements Incoming.Handles {
        @Override
        public void answer(String command) {
            queue.addControl(command);
            flush();
        }

        @Override
        public void acknowledged() throws ProtocolException {
            queue.acknowledged();
            flush();
        }

        @Override
        public void notAcknowledged() throws ProtocolException {
            queue.notAcknowledged().ifPresent(listener::error);
            flush();
        }
    }

    // Receiving.

    private void ready(int events) {
        if ((events & Epoll.HANG_UP) != 0) {
            // Told again and again otherwise. What is left is no more than a socket holds.
            hungUp = true;
            unwatch();
        }
        if ((events & Epoll.WRITABLE) != 0) {
            flush();
        }
        receive();
    }

    private void receive() {
        try {
            ChannelReader.Stop stop = reader.read(this::mayDeliver, hungUp);
            held = stop == ChannelReader.Stop.HELD;
            if (stop == ChannelReader.Stop.END) {
                close(incoming.cutOff());
            }
        } catch (ProtocolException | PosixException broken) {
            close(broken);
        } catch (RuntimeException | Error ours) {
            // The loop's to tell; the messages behind are still to be delivered.
            later(this::receive);
            throw ours;
        }
        showInterest();
    }

    private boolean mayDeliver() throws ProtocolException {
        return state != ChannelState.CLOSED
                && (hungUp || (window.isOpen() && !queue.isOverburdened()));
    }

    private void later(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException closed) {
            // The channel has ended with its loop.
        }
    }

    private void showInterest() {
        if (state == ChannelState.CLOSED) {
            return;
        }
        try {
            boolean reads = mayDeliver() && !incoming.isParsing();
            watch.interest((reads ? Epoll.READABLE : 0) | (queue.isWriting() ? Epoll.WRITABLE : 0));
            if (held && reads) {
                held = false;
                later(this::receive);
            }
        } catch (ProtocolException | PosixException e) {
            close(e);
        }
    }

    // The end.

    private void close(Exception problem) {
        if (state == ChannelState.CLOSED) {
            return;
        }
        state = ChannelState.CLOSED;
        unwatch();
        socket.close();
        window.close();
        incoming.close();
        if (problem != null) {
            tell(() -> listener.error(problem));
        }
        if (problem instanceof ProtocolException breach) {
            tell(() -> listener.broken(breach));
        }
        queue.failAll(new ChannelClosedException());
        queue.tellIfWritten();
        tell(listener::disconnected);
    }

    private void unwatch() {
        try {
            watch.cancel();
        } catch (PosixException e) {
            tell(() -> listener.error(e));
        }
    }

    /** What a listener throws must not keep the rest from ending. */
    private void tell(Runnable news) {
        try {
            news.run();
        } catch (Throwable fault) {
            loop.fault(fault);
        }
    }
}
