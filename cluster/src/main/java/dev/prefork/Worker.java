package dev.prefork;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One worker: in the primary what {@link Cluster#fork} returns, in a worker what {@link
 * Cluster#worker} returns. Node: {@code Worker}, and {@code worker.on('exit', …)} is {@link
 * #onExit}.
 *
 * <p>A worker's own event fires before the cluster's event of the same name. One-time events
 * (online, disconnect, exit) tell also those who ask later, and exist as futures. In a worker only
 * 'message', 'disconnect', 'error' and that it leads happen: to ask for what is the primary's only
 * throws IllegalStateException there, as it would never come. Safe for any thread; listeners run on
 * {@code cluster-events}, one at a time and in the order of the events.
 */
public interface Worker {
    /**
     * Unique in the life of the primary, from 1; the key in {@link Cluster#workers} and {@link
     * Cluster#living}.
     */
    int id();

    /**
     * The number of its {@link Slot}, from 0, which its successor has after it; empty for a worker
     * in no slot, as one that {@link Cluster#fork} starts.
     */
    OptionalInt slot();

    /**
     * Whether it is the leader: one of the workers in slots, until its process has ended; then the
     * next one is. There are never two at a time, so that work for one of them, such as what is to
     * be done each night, is done once. Node has nothing like it.
     */
    boolean isLeader();

    /** It has become the leader; one-time, see {@link #isLeader}. */
    Subscription onLeader(Runnable listener);

    /** What was counted of it until now. Primary only. */
    WorkerStats stats();

    /** The worker's process: its pid, its end, and kill without disconnecting first. */
    WorkerProcess process();

    /** 'online': the worker's process runs; fork() only asked for it. Primary only. */
    Subscription onOnline(Runnable listener);

    /** 'listening': the worker listens on an address; once for each. Primary only. */
    Subscription onListening(Consumer<ListeningAddress> listener);

    /**
     * The worker has closed a server: the contrary of 'listening', with the same address. Node has
     * no such event. Primary only.
     */
    Subscription onClosed(Consumer<ListeningAddress> listener);

    /**
     * The worker wanted to listen and was refused; its bind has failed. Node has no such event.
     * Primary only.
     */
    Subscription onListenRefused(Consumer<ListenRefusal> listener);

    /**
     * 'message': a message came. Messages that come before there is any listener are kept for the
     * first one: the newest 1,000 of them, and 4 MiB; older ones are dropped, with one warning. A
     * listener that is slow slows the sender: while more than 128 KiB wait for it, no more is read,
     * and send() returns false at the other end.
     */
    Subscription onMessage(Consumer<Message> listener);

    /**
     * As {@link #onMessage(Consumer)}, with each message as the application's own type; several
     * kinds of messages are one sealed interface. One that does not fit is told as an 'error'.
     *
     * @param type as for {@link Message#as(Class)}
     */
    <T> Subscription onMessage(Class<T> type, Consumer<T> listener);

    /**
     * Answers what the process at the other end {@link #ask asks}. Questions that come before are
     * kept, as messages are. There is one such listener at most, and one of the cluster's for all
     * workers without their own; without any, questions go to {@link #onMessage}, whose listeners
     * answer by {@link Message#reply}.
     *
     * @param type as for {@link Message#as(Class)}; what does not fit is refused
     * @param answer gives the answer, what {@link #send} takes, or a CompletionStage of it. What it
     *     throws is a refusal: a {@link RefusedException} by its reason, anything else is logged as
     *     well
     * @throws IllegalStateException when there is one already
     */
    <Q> Subscription onAsk(Class<Q> type, Function<Q, ?> answer);

    /** 'disconnect': the channel between the two processes is closed. */
    Subscription onDisconnect(Runnable listener);

    /** 'exit': the worker's process has ended. Primary only. */
    Subscription onExit(Consumer<Exit> listener);

    /**
     * 'error': the process could not be killed, a message without a callback could not be sent, or
     * the other side sent garbage and so lost its channel. Without a listener the problem is
     * logged.
     */
    Subscription onError(Consumer<Exception> listener);

    // As futures. There is one for each event, the same for all who ask; a listener cannot wait for
    // it, as all events are told on one thread: that is refused with IllegalStateException. The
    // page of the package says where one can.

    /**
     * Done at 'online'; fails with IllegalStateException if the process ends before. Primary only.
     */
    CompletableFuture<Worker> online();

    /** Done at 'disconnect'. */
    CompletableFuture<Worker> disconnected();

    /** Done at 'exit'. Primary only. */
    CompletableFuture<Exit> exited();

    /**
     * Sends a message to the process at the other end; in the primary that is this worker, in a
     * worker it is the primary.
     *
     * @param message Map, record, bean, enum, Iterable, array, text, number, time, boolean or null;
     *     a {@link Message} that came is sent on as its value
     * @return false when the sender should wait: more than 128 KiB are unsent (the message is
     *     queued all the same), or the channel is closed
     * @throws IllegalArgumentException when there is no JSON for the message, or it has a {@code
     *     cmd} that begins with NODE_, as what the two runtimes tell each other does, so that
     *     nobody would hear it; it says why, and nothing is sent
     */
    boolean send(Object message);

    /**
     * As {@link #send(Object)}, and tells what became of the message.
     *
     * @param callback called on cluster-events: empty once the message is written, or why it could
     *     not be
     */
    boolean send(Object message, Consumer<Optional<Exception>> callback);

    /**
     * As {@link #send(Object)}, with a socket for the other process.
     *
     * <p>Until it is acknowledged, what is sent after it waits, in order. A connection that was
     * closed or sent before goes without its handle, as in Node.
     *
     * @param handle SocketChannel, Socket, ServerSocketChannel, ServerSocket, DatagramChannel or
     *     DatagramSocket; a connection is closed in this process. A primary that sends or receives
     *     handles needs {@code --add-opens java.base/sun.nio.ch=ALL-UNNAMED --add-exports
     *     java.base/sun.nio.ch=ALL-UNNAMED}; workers have it
     * @throws IllegalArgumentException when it is something else, or has no descriptor that could
     *     be sent, or is registered with a selector
     */
    default boolean send(Object message, Object handle) {
        return send(message, handle, SendOptions.DEFAULT);
    }

    /** As {@link #send(Object, Object)}. */
    boolean send(Object message, Object handle, SendOptions options);

    /** As {@link #send(Object, Object)}, and tells what became of the message. */
    boolean send(
            Object message,
            Object handle,
            SendOptions options,
            Consumer<Optional<Exception>> callback);

    /**
     * As {@link #send(Object)}, for senders that wait when they should.
     *
     * @return done when there is room for another message: at once, or when the other process has
     *     read; it fails with {@link DisconnectedException} when the channel is closed
     */
    CompletableFuture<Void> sendAsync(Object message);

    /**
     * 'drain': there is room again after send() has returned false: no more than 64 KiB are unsent,
     * and no handle is unacknowledged. Not told when the channel closes instead.
     */
    Subscription onDrain(Runnable listener);

    /**
     * Asks the process at the other end, which answers by {@link #onAsk} or {@link Message#reply}.
     * On the wire: {@code {"$ask": 1, "value": message}}, and {@code {"$reply": 1, "value": …}} or
     * {@code {"$reply": 1, "error": "…"}}, which is what a worker or primary in Node sends.
     *
     * @param message what {@link #send} takes
     * @param patience for how long to wait
     * @return the answer. It fails with java.util.concurrent.TimeoutException when none comes in
     *     time, {@link DisconnectedException} when the channel closes before, {@link
     *     RefusedException} when the other process refuses. Until then the JVM runs on; cancelled,
     *     the answer is dropped when it comes
     * @throws IllegalArgumentException as {@link #send} does, and when there is no time for it
     */
    CompletableFuture<Message> ask(Object message, Duration patience);

    /**
     * As {@link #ask(Object, Duration)}, with the answer as the application's own type.
     *
     * @param type as for {@link Message#as(Class)}; the future fails with IllegalArgumentException
     *     if the answer does not fit
     */
    <A> CompletableFuture<A> ask(Object message, Class<A> type, Duration patience);

    /**
     * Disconnects gracefully: the worker takes no more connections, waits for those it has, then
     * closes the channel.
     *
     * @return this
     */
    Worker disconnect();

    /**
     * In the primary: disconnects and, once disconnected, sends the signal. It may wait for ever
     * for a connection that never ends; {@code process().kill(signal)} does not wait. In a worker:
     * disconnects and exits with code 0.
     *
     * @param signal such as {@code SIGTERM}; without meaning in a worker
     * @throws IllegalArgumentException when there is no such signal
     */
    void kill(String signal);

    /** {@link #kill(String)} with SIGTERM. */
    default void kill() {
        kill("SIGTERM");
    }

    /** Node's older name for {@link #kill()}. */
    default void destroy() {
        kill();
    }

    /** Node's older name for {@link #kill(String)}. */
    default void destroy(String signal) {
        kill(signal);
    }

    /** True from fork() to 'disconnect'. */
    boolean isConnected();

    /** True once the process has ended. */
    boolean isDead();

    /**
     * Whether the worker's end was asked for: true after {@link #kill} or {@link #disconnect} on
     * either side; false when it ended otherwise; empty until one of them is known.
     */
    Optional<Boolean> exitedAfterDisconnect();
}
