package dev.prefork.worker;

import dev.prefork.loop.EventLoop;
import dev.prefork.net.OpenServers;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The end of this worker's connections: no more come, those that nobody uses are closed after a
 * while, the others end when they do.
 */
final class Drain {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** Long enough for most answers. */
    private static final Duration UNASKED_MAY_TAKE = Duration.ofSeconds(2);

    /**
     * Who ends a whole service tells primary and workers at once, and the primary has first to see
     * to it that nobody is left who has connected.
     */
    private static final Duration PRIMARYS_WORD_MAY_TAKE = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final OpenServers servers;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch asked = new CountDownLatch(1);

    Drain(EventLoop loop, OpenServers servers) {
        this.loop = loop;
        this.servers = servers;
    }

    /**
     * The primary, or this process itself, wants it: how long it may take is theirs to say. For any
     * thread.
     *
     * @return complete when the last connection is closed
     */
    CompletableFuture<Void> begin() {
        asked.countDown();
        return retire();
    }

    /**
     * For a signal: serves on until the primary says that all who have connected are served, or for
     * a moment if it says nothing; then waits for the last connection to close. When the primary
     * has not asked for this end, it waits no longer than another moment; when this is not the
     * first word of the end, not at all.
     *
     * @param leave is called between serving on and waiting
     */
    void beginAndAwait(Runnable leave) {
        boolean isFirst = !begun.get();
        if (isFirst && servers.everServed()) {
            awaitThePrimarysWord();
        }
        leave.run();
        CompletableFuture<Void> over = retire();
        if (!isFirst) {
            return;
        }
        CompletableFuture<Void> aMoment =
                new CompletableFuture<Void>()
                        .completeOnTimeout(
                                null, UNASKED_MAY_TAKE.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture.anyOf(over, aMoment).join();
        if (asked.getCount() == 0) {
            over.join();
        }
    }

    private void awaitThePrimarysWord() {
        try {
            var _ = asked.await(PRIMARYS_WORD_MAY_TAKE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    /** For a signal that ends this process at once. */
    void beginOnly() {
        var _ = retire();
    }

    private CompletableFuture<Void> retire() {
        CompletableFuture<Void> over = servers.retire();
        if (!begun.getAndSet(true)) {
            loop.execute(() -> look(over));
        }
        return over;
    }

    private void look(CompletableFuture<Void> over) {
        if (!over.isDone()) {
            servers.closeIdle();
            var _ = loop.schedule(LOOK_EVERY, () -> look(over));
        }
    }
}
