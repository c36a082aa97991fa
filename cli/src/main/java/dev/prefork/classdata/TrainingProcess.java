package dev.prefork.classdata;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    /** All others have the processors first. */
    private static final List<String> GIVING_WAY = List.of("nice", "-n", "19");

    /** From the end of its input to its end. */
    private static final Duration END_MAY_TAKE = Duration.ofSeconds(2);

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
    private Optional<Process> process = Optional.empty(); // guarded by this
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
            Process started = start(wish);
            String said =
                    new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = started.waitFor();
            synchronized (this) {
                process = Optional.empty();
            }
            if (code == Training.REFUSED) {
                refuse(said.strip());
            }
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

    private synchronized Process start(ClassDataFolder.Wish wish) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        List<String> command = new ArrayList<>(GIVING_WAY);
        command.addAll(Training.command(wish.entry(), wish.jvm()));
        Process started =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process = Optional.of(started);
        return started;
    }

    /** Ends the training that there is: the next prefork begins it anew. */
    @Override
    public void close() {
        Optional<Process> last;
        synchronized (this) {
            closed = true;
            last = process;
        }
        last.ifPresent(TrainingProcess::end);
        var _ = timer.shutdownNow();
    }

    private static void end(Process training) {
        try {
            // It ends with its input.
            training.getOutputStream().close();
            if (!training.waitFor(END_MAY_TAKE.toMillis(), TimeUnit.MILLISECONDS)) {
                var _ = training.destroyForcibly();
            }
        } catch (IOException e) {
            var _ = training.destroyForcibly();
        } catch (InterruptedException e) {
            var _ = training.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
