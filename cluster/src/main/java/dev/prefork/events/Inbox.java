package dev.prefork.events;

import dev.prefork.Message;
import dev.prefork.ipc.Receipt;
import dev.prefork.log.LazyLogger;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Messages on their way to listeners; those that come before there is any listener wait for the
 * first one (SPEC C5), within bounds: beyond them the oldest is dropped, and its handle closed.
 *
 * <p>Belongs to the event thread, except {@link #listenerAdded}, which is safe for any.
 */
public final class Inbox {
    private static final LazyLogger LOG = new LazyLogger(Inbox.class);

    /** So many messages wait at most. */
    static final int MAX_MESSAGES = 1000;

    /** So many bytes of JSON wait at most; one message that is larger alone. */
    static final int MAX_BYTES = 4 << 20;

    /** So many handles wait at most, each an open descriptor. */
    static final int MAX_HANDLES = 64;

    private record Waiting(Message message, int bytes) {
        int handles() {
            return message.handle().isPresent() ? 1 : 0;
        }
    }

    private final String name;
    private final Executor eventThread;
    private final Predicate<Message> isHeard;
    private final Consumer<Message> emit;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private int waitingHandles;
    private boolean saidThatItDrops;

    /**
     * An empty one.
     *
     * @param name whose messages they are, for the log
     * @param isHeard whether there is a listener for it
     */
    public Inbox(
            String name, Executor eventThread, Predicate<Message> isHeard, Consumer<Message> emit) {
        this.name = name;
        this.eventThread = eventThread;
        this.isHeard = isHeard;
        this.emit = emit;
    }

    /** Tells the listeners, or keeps the message for the first of them. */
    public void deliver(Message message, Receipt receipt) {
        if (isHeard.test(message)) {
            try {
                drain();
                emit.accept(message);
            } finally {
                receipt.done();
            }
            return;
        }
        // It is counted here from now on: a program that wants no messages must not stop those of
        // the runtime behind them.
        receipt.done();
        add(new Waiting(message, receipt.bytes()));
        while (isTooFull()) {
            dropOldest();
        }
    }

    private boolean isTooFull() {
        return waiting.size() > MAX_MESSAGES
                || waitingHandles > MAX_HANDLES
                || (waitingBytes > MAX_BYTES && waiting.size() > 1);
    }

    private void add(Waiting newest) {
        waiting.add(newest);
        waitingBytes += newest.bytes();
        waitingHandles += newest.handles();
    }

    private void isRemoved(Waiting one) {
        waitingBytes -= one.bytes();
        waitingHandles -= one.handles();
    }

    private void dropOldest() {
        Waiting oldest = waiting.remove();
        isRemoved(oldest);
        oldest.message().handle().ifPresent(Inbox::close);
        if (oldest.message().isQuestion()) {
            oldest.message().refuse("nobody listens to messages there");
        }
        if (!saidThatItDrops) {
            saidThatItDrops = true;
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "nobody listens to the messages of {0}: the oldest are dropped, the"
                                    + " newest {1}, {2} bytes or {3} handles are kept; register an"
                                    + " onMessage listener, even one that ignores them",
                            name,
                            MAX_MESSAGES,
                            MAX_BYTES,
                            MAX_HANDLES);
        }
    }

    static void close(SelectableChannel handle) {
        try {
            handle.close();
        } catch (IOException alreadyBroken) {
            // It is of no use to anybody.
        }
    }

    public void listenerAdded() {
        eventThread.execute(this::drain);
    }

    private void drain() {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting next = all.next();
            if (isHeard.test(next.message())) {
                all.remove();
                isRemoved(next);
                emit.accept(next.message());
            }
        }
    }
}
