package dev.prefork.primary;

import dev.prefork.end.LastWords;
import dev.prefork.listen.ListenHandles;
import dev.prefork.log.LazyLogger;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.PosixException;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The thread {@code cluster-loop} of a primary and what only it may touch.
 *
 * @param handles the loop's own
 */
record ClusterLoop(EventLoop loop, ListenHandles handles) {
    private static final LazyLogger LOG = new LazyLogger(ClusterLoop.class);

    private static final String NAME = "the loop of the cluster";

    /** What runs on the loop, and may fail. */
    interface Task<T> {
        T run() throws PosixException;
    }

    /**
     * Opens a loop. One that ends unasked ends the process.
     *
     * @param handles makes the handles of the loop
     */
    static ClusterLoop start(Function<EventLoop, ListenHandles> handles) throws PosixException {
        LastWords words = LastWords.ofThisProcess();
        EventLoop loop = EventLoop.open(ClusterLoop::fault, broken -> words.say(NAME, broken));
        Thread.ofPlatform().name("cluster-loop").daemon().start(loop);
        return new ClusterLoop(loop, handles.apply(loop));
    }

    /** What a task or handler threw stays there, but for the memory that all of them need. */
    private static void fault(Throwable fault) {
        // That of one long message never comes here: it costs its channel.
        if (fault instanceof OutOfMemoryError full) {
            LastWords.ofThisProcess().say(NAME, full);
        }
        LOG.get().log(System.Logger.Level.ERROR, "a fault in the cluster loop", fault);
    }

    /**
     * Runs the task on the loop, and waits for it.
     *
     * @throws IllegalStateException on the loop, which would wait for itself
     * @throws java.util.concurrent.RejectedExecutionException when the loop is closed
     */
    <T> T call(Task<T> task) throws PosixException {
        waitsForIt();
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(
                () -> {
                    try {
                        done.complete(task.run());
                    } catch (Throwable failed) {
                        done.completeExceptionally(failed);
                    }
                });
        try {
            return done.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case PosixException posix -> throw posix;
                case RuntimeException fault -> throw fault;
                case Error error -> throw error;
                default -> throw e;
            }
        }
    }

    /**
     * The caller is about to wait for the loop.
     *
     * @throws IllegalStateException on the loop, as a balancer is: it would wait for itself
     */
    void waitsForIt() {
        if (loop.inLoop()) {
            throw new IllegalStateException(
                    "this waits for cluster-loop, on which balancers run; call it on another one");
        }
    }

    /** Runs the task on the loop, later. */
    void tell(Consumer<ListenHandles> task) {
        loop.execute(() -> task.accept(handles));
    }
}
