package dev.prefork.primary;

import dev.prefork.ClusterSettings;
import dev.prefork.launch.LaunchRequest;
import dev.prefork.launch.Launched;
import dev.prefork.launch.Launcher;
import dev.prefork.log.LazyLogger;
import dev.prefork.loop.EventLoop;
import dev.prefork.loop.Timer;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.PosixException;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * JVMs that have booted and wait to be the next workers ({@link ClusterSettings#spares}): all like
 * the last one that was forked. Belongs to the loop's thread.
 *
 * <p>One that dies while it waits is not missed before the next fork: a machine that has no room
 * for it is left alone.
 */
final class Spares {
    private static final LazyLogger LOG = new LazyLogger(Spares.class);

    /** Since the last fork: the workers have the processors first. */
    static final Duration CALM = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final Launcher launcher;
    private final ArrayDeque<Spare> waiting = new ArrayDeque<>();

    /** Those that wait, and those whose end is not yet known. */
    private final Set<Spare> watched = new HashSet<>();

    /** What they are started with, if there are to be any. */
    private Optional<LaunchRequest> like = Optional.empty();

    private Optional<Timer> calm = Optional.empty();
    private int starting;

    /** A process of its own, until it is a worker. */
    private final class Spare {
        final Launched launched;
        private EventLoop.Watch watch;

        Spare(Launched launched) {
            this.launched = launched;
        }

        void watch() throws PosixException {
            watch =
                    loop.watch(
                            launched.child().descriptor(),
                            Epoll.READABLE,
                            _ -> {
                                waiting.remove(this);
                                release();
                                launched.abandon();
                            });
            watched.add(this);
        }

        /** It is another one's to watch. */
        void release() {
            watched.remove(this);
            try {
                watch.cancel();
            } catch (PosixException e) {
                // It ends with its descriptor.
                loop.fault(e);
            }
        }
    }

    Spares(EventLoop loop, Launcher launcher) {
        this.loop = loop;
        this.launcher = launcher;
    }

    /** One that has become this worker, if there is one. */
    Optional<Launched> take(LaunchRequest request) {
        if (like.filter(request.forSpare()::equals).isEmpty()) {
            return Optional.empty();
        }
        while (!waiting.isEmpty()) {
            Spare next = waiting.remove();
            if (next.launched.appoint(request.appointment())) {
                next.release();
                return Optional.of(next.launched);
            }
            // The watch tells its end.
            next.launched.kill();
        }
        return Optional.empty();
    }

    /** A worker was forked: the next ones may be like it. */
    void keepFor(LaunchRequest forked) {
        LaunchRequest spare = forked.forSpare();
        if (!like.equals(Optional.of(spare))) {
            end();
            like = Optional.of(spare);
        }
        calm.ifPresent(Timer::cancel);
        calm = Optional.of(loop.schedule(CALM, this::fill));
    }

    private void fill() {
        like.ifPresent(
                spare -> {
                    int wanted = spare.settings().spares().orElse(0);
                    while (waiting.size() + starting < wanted) {
                        // It looks at files, which may take a while.
                        Thread.ofPlatform()
                                .name("cluster-spare")
                                .daemon()
                                .start(() -> launch(spare));
                        starting++;
                    }
                });
    }

    private void launch(LaunchRequest spare) {
        Optional<Launched> launched = Optional.empty();
        try {
            launched = Optional.of(launcher.launch(spare));
        } catch (RuntimeException notNow) {
            // The next fork will tell, if that is still so.
            LOG.get().log(System.Logger.Level.DEBUG, "no spare", notNow);
        }
        Optional<Launched> there = launched;
        try {
            loop.execute(() -> started(spare, there));
        } catch (RejectedExecutionException closed) {
            there.ifPresent(Launched::abandon);
        }
    }

    private void started(LaunchRequest asked, Optional<Launched> launched) {
        starting--;
        launched.map(Spare::new)
                .ifPresent(
                        spare -> {
                            try {
                                spare.watch();
                                if (like.filter(asked::equals).isPresent()) {
                                    waiting.add(spare);
                                } else {
                                    spare.launched.kill();
                                }
                            } catch (PosixException noRoom) {
                                spare.launched.abandon();
                            }
                        });
    }

    /** Nobody is to be like these any more. */
    void end() {
        calm.ifPresent(Timer::cancel);
        calm = Optional.empty();
        like = Optional.empty();
        waiting.forEach(spare -> spare.launched.kill());
        waiting.clear();
    }

    /** As {@link #end}, and nobody will tell their ends. */
    void close() {
        end();
        for (Spare spare : List.copyOf(watched)) {
            spare.release();
            spare.launched.abandon();
        }
    }
}
