package dev.prefork.worker;

import dev.prefork.loop.EventLoop;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Has the loop run something in a moment: long enough that what many threads have to say goes in
 * one packet, and so short that nobody decides by what was true before. Safe for any thread.
 *
 * @param loop what is left when it ends nobody is there to hear
 */
record Soon(EventLoop loop) implements Consumer<Runnable> {
    private static final Duration A_MOMENT = Duration.ofMillis(10);

    @Override
    public void accept(Runnable task) {
        try {
            loop.execute(() -> schedule(task));
        } catch (RejectedExecutionException disconnected) {
            // As said above.
        }
    }

    private void schedule(Runnable task) {
        var _ = loop.schedule(A_MOMENT, task);
    }
}
