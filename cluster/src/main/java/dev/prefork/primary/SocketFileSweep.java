package dev.prefork.primary;

import dev.prefork.end.AtTheEndOfTheJvm;
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
    private final AtTheEndOfTheJvm atTheEnd;

    private SocketFileSweep(ClusterLoop loop) {
        this.loop = loop;
        this.atTheEnd = AtTheEndOfTheJvm.run("cluster-sweep", this::removeFiles);
    }

    /** Prepares it, until {@link #cancel}. */
    static SocketFileSweep atTheEndOfThisJvm(ClusterLoop loop) {
        return new SocketFileSweep(loop);
    }

    void cancel() {
        atTheEnd.cancel();
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
