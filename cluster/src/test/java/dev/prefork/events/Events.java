package dev.prefork.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An event thread that stays while it is open, and its deadline. */
final class Events {
    static final int DEADLINE_SECONDS = 20;

    private final EventThread thread = new EventThread();

    Events() {
        thread.hold();
    }

    EventThread thread() {
        return thread;
    }

    /** Runs it there, after all that was handed in before, and throws what it throws. */
    void run(Runnable task) throws Exception {
        CompletableFuture.runAsync(task, thread).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** The thread itself. */
    Thread itself() throws Exception {
        return CompletableFuture.supplyAsync(Thread::currentThread, thread)
                .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** Lets it go; it ends. */
    void close() throws Exception {
        Thread itself = itself();
        thread.release();
        assertThat(itself.join(Duration.ofSeconds(DEADLINE_SECONDS)))
                .as("cluster-events has ended")
                .isTrue();
    }
}
