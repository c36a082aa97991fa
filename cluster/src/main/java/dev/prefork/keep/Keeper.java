package dev.prefork.keep;

import dev.prefork.PoolException;
import dev.prefork.PoolSettings;
import dev.prefork.Prefork;
import dev.prefork.Subscription;
import dev.prefork.Worker;
import dev.prefork.drive.Driver;
import dev.prefork.drive.Sentences;
import dev.prefork.end.AtTheEndOfTheJvm;
import dev.prefork.end.LastWords;
import dev.prefork.events.EventThread;
import dev.prefork.events.OneTimeEvent;
import dev.prefork.supervise.Event;
import dev.prefork.supervise.LeaveTimes;
import dev.prefork.supervise.Limits;
import dev.prefork.supervise.Notice;
import dev.prefork.supervise.Restart;
import dev.prefork.supervise.Status;
import dev.prefork.supervise.WorkerState;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps the workers of a pool by a {@link Driver} on a thread of its own, and tells those who wait
 * what has come of it. Safe for any thread.
 */
public final class Keeper {
    /** More than a leave may take, for the JVM's end. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final EventThread events;
    private final ClusterWorkers workers;
    private final Driver driver;
    private final Duration longestLeave;
    private final News news;
    private final Promises promises;
    private final OneTimeEvent<Void> ended;
    private final Thread thread;
    private final AtTheEndOfTheJvm atTheEnd;
    private volatile int size;

    // The driver's thread's.

    private final List<OneTimeEvent<Void>> whenListening = new ArrayList<>();

    /** Those that asked before the reload that goes on began, and those that have since. */
    private List<OneTimeEvent<Void>> reloading = new ArrayList<>();

    private List<OneTimeEvent<Void>> toReload = new ArrayList<>();
    private String whyReloadFailed;
    private String whyGivenUp;
    private boolean serves;

    private Keeper(Prefork cluster, PoolSettings settings, EventThread events) {
        LeaveTimes leave = LeaveTimes.of(settings.drain(), settings.stop());
        this.events = events;
        this.size = settings.workers();
        this.longestLeave = leave.total();
        this.news = new News(events);
        this.promises = new Promises(events);
        this.ended = new OneTimeEvent<>(events);
        this.workers =
                new ClusterWorkers(
                        cluster,
                        new SettingsByGeneration(cluster),
                        settings.environment(),
                        Worker::disconnect,
                        (_, _) -> ClusterWorkers.UNREAD);
        this.driver =
                new Driver(
                        new Limits(
                                leave.drain(),
                                leave.total(),
                                settings.listenWithin(),
                                settings.readyAfter(),
                                settings.runningAfter()),
                        settings.surge(),
                        Restart.valueOf(settings.restart().name()),
                        workers,
                        new Onlooker());
        // A daemon: what keeps the JVM running is the event thread, until main throws.
        this.thread = Thread.ofPlatform().name("cluster-keeper").daemon().unstarted(this::run);
        this.atTheEnd = AtTheEndOfTheJvm.run("cluster-keeper-end", this::leaveWithTheJvm);
    }

    /** Begins to. */
    public static Keeper start(Prefork cluster, PoolSettings settings, EventThread events) {
        Keeper keeper = new Keeper(cluster, settings, events);
        events.hold();
        keeper.thread.start();
        return keeper;
    }

    private void run() {
        try {
            int code = driver.run(size, () -> {});
            workers.listenNoMore();
            promises.over(code == 0 ? "the pool has ended" : whyGivenUp);
            atTheEnd.cancel();
            events.execute(() -> end(code));
        } finally {
            events.release();
        }
    }

    private void end(int code) {
        if (code == 0) {
            ended.fire(null);
        } else {
            ended.cannotHappen(new PoolException(whyGivenUp));
        }
    }

    private final class Onlooker implements Driver.Onlooker {
        @Override
        public void told(Notice notice) {
            news.tell(notice);
            switch (notice) {
                case Notice.Reloading _ -> {
                    reloading.addAll(toReload);
                    toReload = new ArrayList<>();
                }
                case Notice.Reloaded _ -> reloaded(promises::keep);
                case Notice.ReloadFailed(Notice.Failure failure, int left) -> {
                    whyReloadFailed = "reload failed: " + Sentences.why(failure);
                    if (left == 0) {
                        reloadFailed();
                    }
                }
                case Notice.RolledBack _, Notice.NotRolledBack _ -> reloadFailed();
                case Notice.GaveUp _ -> isLost(notice);
                case Notice.WorkerFinished finished when !finished.end().isSuccess() ->
                        isLost(notice);
                default -> {
                    // Nobody waits for it.
                }
            }
        }

        private void isLost(Notice why) {
            whyGivenUp = String.join("\n", Sentences.of(why));
        }

        private void reloadFailed() {
            reloaded(promise -> promises.breakIt(promise, whyReloadFailed));
        }

        private void reloaded(Consumer<OneTimeEvent<Void>> result) {
            reloading.forEach(result);
            reloading = new ArrayList<>();
        }

        @Override
        public void is(Status status) {
            size = status.desired();
            serves = !status.ending() && status.slots().stream().allMatch(Keeper::serves);
            tellIfServing();
        }

        @Override
        public void suspend() {
            throw new IllegalStateException("nobody can ask a pool for that");
        }

        @Override
        public void broken(Throwable fault) {
            LastWords.ofThisProcess().say("the keeper of the workers", fault);
        }
    }

    private static boolean serves(Status.Slot slot) {
        return !slot.open()
                || slot.workers().stream().anyMatch(each -> each.state() == WorkerState.READY);
    }

    private void tellIfServing() {
        if (serves) {
            whenListening.forEach(promises::keep);
            whenListening.clear();
        }
    }

    // What users ask for.

    public int size() {
        return size;
    }

    public Map<Integer, Worker> workers() {
        return workers.all();
    }

    public void scale(int count) {
        ask(() -> driver.scale(count));
    }

    public CompletableFuture<Void> reload() {
        OneTimeEvent<Void> promise = promises.make();
        ask(
                () -> {
                    driver.then(() -> toReload.add(promise));
                    driver.ask(Event.Request.RELOAD);
                });
        return promise.future();
    }

    public CompletableFuture<Void> listening() {
        OneTimeEvent<Void> promise = promises.make();
        ask(
                () ->
                        driver.then(
                                () -> {
                                    whenListening.add(promise);
                                    tellIfServing();
                                }));
        return promise.future();
    }

    public CompletableFuture<Void> ended() {
        return ended.future();
    }

    /** Lets all workers leave. */
    public void leave() {
        ask(driver::leave);
    }

    public CompletableFuture<Void> disconnect(Duration patience) {
        leave();
        CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> ask(() -> driver.ask(Event.Request.STOP)));
        return ended.future().handle((_, _) -> null);
    }

    public Subscription onNews(Consumer<String> listener) {
        return news.add(listener);
    }

    /** There is nobody to ask after the end. */
    private void ask(Runnable question) {
        if (!promises.areOver()) {
            question.run();
        }
    }

    private void leaveWithTheJvm() {
        leave();
        join(longestLeave.plus(MARGIN));
    }

    /** For a short time. */
    public void awaitEnd() {
        join(MARGIN);
    }

    private void join(Duration time) {
        try {
            var _ = thread.join(time);
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }
}
