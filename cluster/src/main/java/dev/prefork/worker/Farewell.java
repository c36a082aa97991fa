package dev.prefork.worker;

import dev.prefork.loop.EventLoop;
import dev.prefork.wire.ClusterLink;
import dev.prefork.wire.ExitedAfterDisconnect;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a worker says last: that it leaves of its own will, if it does. The primary must know before
 * it sees the channel close, or the process end. Belongs to the loop's thread, but for {@link
 * #beforeTheEnd}.
 */
final class Farewell {
    /** How long the end of the process waits for what was said just before it. */
    private static final long MAY_TAKE_MILLIS = 1000;

    private final EventLoop loop;
    private final Supplier<ClusterLink> link;
    private boolean ownWill;

    /** Made by the announcement: none is to be made before the program's main. */
    private CompletableFuture<Void> known;

    /**
     * @param link to be had as soon as the loop runs
     */
    Farewell(EventLoop loop, Supplier<ClusterLink> link) {
        this.loop = loop;
        this.link = link;
    }

    /** The worker leaves, and not because the primary told it to. */
    void isOwnWill() {
        ownWill = true;
    }

    /**
     * Announces it, once.
     *
     * @return done when the primary knows, or never will
     */
    CompletableFuture<Void> announce() {
        if (known == null) {
            known = new CompletableFuture<>();
            if (link.get().channel().isConnected()) {
                link.get()
                        .ask(new ExitedAfterDisconnect(), (answer, handle) -> known.complete(null));
            } else {
                over();
            }
        }
        return known;
    }

    /** The channel is closed. */
    void over() {
        if (known != null) {
            known.complete(null);
        }
    }

    /**
     * As a shutdown hook. What was sent before the exit arrives (SPEC C5), and that it follows a
     * disconnect (A20): differs from Node, which says so after its servers have closed.
     */
    void beforeTheEnd() {
        CompletableFuture<Void> said = new CompletableFuture<>();
        try {
            // Behind a disconnect that the thread of the exit has asked for just before.
            loop.execute(
                    () -> {
                        var _ = announceIfDue().thenRun(() -> said.complete(null));
                    });
            said.thenCompose(done -> link.get().channel().flushed())
                    .get(MAY_TAKE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (Exception tooLate) {
            // The process ends now, whatever is unsent.
        }
    }

    private CompletableFuture<Void> announceIfDue() {
        return ownWill ? announce() : CompletableFuture.completedFuture(null);
    }
}
