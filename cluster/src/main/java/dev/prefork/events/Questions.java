package dev.prefork.events;

import dev.prefork.DisconnectedException;
import dev.prefork.Message;
import dev.prefork.RefusedException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * The questions of this process that the other one has not answered. One that waits keeps the JVM
 * running. Safe for any thread; futures are completed on the event thread.
 */
final class Questions {
    private final String name;
    private final EventThread eventThread;
    private final Map<Long, EventFuture<Message>> unanswered = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();

    /**
     * @param name of the other process
     */
    Questions(String name, EventThread eventThread) {
        this.name = name;
        this.eventThread = eventThread;
    }

    /**
     * Asks.
     *
     * @param send is given what is to be sent, and whom to tell if it cannot be; what it throws is
     *     thrown
     */
    EventFuture<Message> ask(
            Object value, Duration patience, BiConsumer<Map<String, Object>, Runnable> send) {
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("there must be time for an answer, not " + patience);
        }
        long id = lastId.incrementAndGet();
        EventFuture<Message> answer = EventFuture.ofAnAnswer(eventThread);
        // By itself: what the JDK's own timer completes would be told on the JDK's thread.
        CompletableFuture<Void> alarm = new CompletableFuture<>();
        unanswered.put(id, answer);
        eventThread.hold();
        var _ =
                answer.whenComplete(
                        (_, _) -> {
                            unanswered.remove(id);
                            alarm.complete(null);
                            eventThread.release();
                        });
        try {
            send.accept(Envelope.Kind.QUESTION.of(id, value), () -> fail(answer, isGone()));
        } catch (Throwable notSent) {
            answer.cancel(false);
            throw notSent;
        }
        var _ =
                alarm.orTimeout(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS)
                        .exceptionally(
                                _ -> {
                                    fail(answer, isLate(patience));
                                    return null;
                                });
        return answer;
    }

    private DisconnectedException isGone() {
        return new DisconnectedException(name + " disconnected before it answered");
    }

    private TimeoutException isLate(Duration patience) {
        return new TimeoutException(name + " has not answered within " + patience);
    }

    private void fail(EventFuture<Message> answer, Exception reason) {
        eventThread.execute(() -> answer.completeExceptionally(reason));
    }

    /**
     * What has come is said to a question of ours. On the event thread.
     *
     * @param whole with the handle that came with it
     * @return false when we have never asked it
     */
    boolean answered(Envelope said, Message whole) {
        if (!(said.id() instanceof Number number)
                || number.longValue() < 1
                || number.longValue() > lastId.get()) {
            return false;
        }
        EventFuture<Message> answer = unanswered.get(number.longValue());
        boolean isTaken =
                answer != null
                        && (said.kind() == Envelope.Kind.REFUSAL
                                ? answer.completeExceptionally(new RefusedException(said.reason()))
                                : answer.complete(new Message(said.content(), whole.handle())));
        if (!isTaken || said.kind() == Envelope.Kind.REFUSAL) {
            whole.handle().ifPresent(Inbox::close);
        }
        return true;
    }

    /** No answer will come any more. On the event thread. */
    void over() {
        List.copyOf(unanswered.values()).forEach(answer -> answer.completeExceptionally(isGone()));
    }
}
