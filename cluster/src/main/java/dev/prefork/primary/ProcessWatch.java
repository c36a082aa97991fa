package dev.prefork.primary;

import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.util.function.Consumer;

/**
 * Waits for the end of a process that is no child of ours, and so is none of ours to reap. Belongs
 * to the loop's thread.
 */
final class ProcessWatch {
    private final Fd process;
    private final Consumer<PosixException> onError;
    private EventLoop.Watch watch;

    private ProcessWatch(Fd process, Consumer<PosixException> onError) {
        this.process = process;
        this.onError = onError;
    }

    /**
     * Starts waiting.
     *
     * @param process a pidfd, which this owns from now on, also when it fails
     * @param ended is run once, after the descriptor has been closed
     */
    static ProcessWatch start(
            EventLoop loop, Fd process, Runnable ended, Consumer<PosixException> onError)
            throws PosixException {
        ProcessWatch started = new ProcessWatch(process, onError);
        try {
            started.watch =
                    loop.watch(
                            process.number(),
                            Epoll.READABLE,
                            _ -> {
                                started.close();
                                ended.run();
                            });
            return started;
        } catch (PosixException | RuntimeException | Error notWatched) {
            process.close();
            throw notWatched;
        }
    }

    /** Nothing is told any more. Again and afterwards without effect. */
    void close() {
        if (!process.isOpen()) {
            return;
        }
        try {
            watch.cancel();
        } catch (PosixException e) {
            // Closing the descriptor ends the watch as well.
            onError.accept(e);
        }
        process.close();
    }
}
