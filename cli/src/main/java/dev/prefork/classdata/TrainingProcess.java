package dev.prefork.classdata;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Starts a {@link Training} for class data that is missed, when the last worker was started a while
 * ago; one at a time, and once for each. Safe for any thread.
 */
public final class TrainingProcess implements AutoCloseable {
    /** Workers start first. */
    private static final Duration CALM = Duration.ofSeconds(5);

    private final Duration calm;
    private final Consumer<String> refused;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1,
                    task ->
                            Thread.ofPlatform()
                                    .name("prefork-class-data")
                                    .daemon()
                                    .unstarted(task));
    private final List<ClassDataFolder.Wish> wishes = new ArrayList<>(); // guarded by this
    private final Set<ClassDataFolder.Wish> tried = new HashSet<>(); // guarded by this
    private Optional<ScheduledFuture<?>> next = Optional.empty(); // guarded by this
    private Optional<TrainingRun> run = Optional.empty(); // guarded by this
    private boolean closed; // guarded by this

    /**
     * None yet.
     *
     * @param refused told in a few words why there will be none for workers of these options
     */
    public TrainingProcess(Consumer<String> refused) {
        this(CALM, refused);
    }

    TrainingProcess(Duration calm, Consumer<String> refused) {
        this.calm = calm;
        this.refused = refused;
    }

    synchronized void wish(ClassDataFolder.Wish wish) {
        if (closed) {
            return;
        }
        if (tried.add(wish)) {
            wishes.add(wish);
        }
        if (!wishes.isEmpty()) {
            next.ifPresent(timer -> timer.cancel(false));
            next =
                    Optional.of(
                            timer.schedule(this::trainAll, calm.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private void trainAll() {
        for (Optional<ClassDataFolder.Wish> wish = take(); wish.isPresent(); wish = take()) {
            train(wish.get());
        }
    }

    private synchronized Optional<ClassDataFolder.Wish> take() {
        return wishes.isEmpty() || closed ? Optional.empty() : Optional.of(wishes.removeFirst());
    }

    private void train(ClassDataFolder.Wish wish) {
        try {
            wish.prepare();
        } catch (IOException | RuntimeException noPlace) {
            refuse("cannot write to " + wish.entry().folder() + ": " + noPlace);
            return;
        }
        try {
            Optional<String> refusal = start(wish).refusal();
            synchronized (this) {
                run = Optional.empty();
            }
            refusal.ifPresent(this::refuse);
        } catch (IOException noProcess) {
            // The workers start as they did. The next prefork tries again.
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void refuse(String reason) {
        if (!closed) {
            refused.accept(reason);
        }
    }

    private synchronized TrainingRun start(ClassDataFolder.Wish wish) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        TrainingRun started = TrainingRun.start(wish);
        run = Optional.of(started);
        return started;
    }

    /** Ends the training that there is: the next prefork begins it anew. */
    @Override
    public void close() {
        Optional<TrainingRun> last;
        synchronized (this) {
            closed = true;
            last = run;
        }
        last.ifPresent(TrainingRun::end);
        var _ = timer.shutdownNow();
    }
}
