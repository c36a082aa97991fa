package dev.prefork.primary;

import dev.prefork.log.LazyLogger;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Removes the files of a primary's Unix sockets when its JVM ends before its workers have left, by
 * SIGTERM or System.exit. They would be in the way of servers that do not take such a file over.
 *
 * <p>It is done when the shutdown hooks begin, as nobody can be the last of them: from then on the
 * paths lead to nobody, as after {@code Cluster.disconnect()}.
 */
final class SocketFileSweep {
    private static final LazyLogger LOG = new LazyLogger(SocketFileSweep.class);

    /** The loop may be in the application's hands: a balancer's. */
    private static final long MAY_TAKE_MILLIS = 1000;

    private final ClusterLoop loop;
    private final Thread hook =
            Thread.ofPlatform().name("cluster-sweep").unstarted(this::removeFiles);

    private SocketFileSweep(ClusterLoop loop) {
        this.loop = loop;
    }

    /** Prepares it, until {@link #cancel}. */
    static SocketFileSweep atTheEndOfThisJvm(ClusterLoop loop) {
        SocketFileSweep sweep = new SocketFileSweep(loop);
        try {
            Runtime.getRuntime().addShutdownHook(sweep.hook);
        } catch (IllegalStateException endHasBegun) {
            // A primary that begins in a hook is for that to close.
        }
        return sweep;
    }

    void cancel() {
        try {
            var _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endHasBegun) {
            // It has run, or runs.
        }
    }

    private void removeFiles() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            loop.tell(
                    handles -> {
                        handles.removeFiles();
                        done.complete(null);
                    });
            done.get(MAY_TAKE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (Exception leftBehind) {
            LOG.get().log(System.Logger.Level.DEBUG, "cannot remove the socket files", leftBehind);
        }
    }
}
