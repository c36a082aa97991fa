package dev.prefork;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How a {@link Pool} keeps its workers. What they are is in {@link ClusterSettings}. Immutable:
 * each method gives a copy that differs in one thing, {@code PoolSettings.of(4).surge(2)}.
 *
 * @param workers how many there shall be, from 1
 * @param environment of each worker, beside this process's and PREFORK_SLOT
 * @param drain how long a worker that leaves may serve the connections that it has, before SIGTERM.
 *     Default: two thirds of stop
 * @param stop how long all of its leave may take, before SIGKILL. Default: 30 seconds, or 10 more
 *     than drain
 * @param listenWithin how long a new worker may take in a reload to listen where the old one does.
 *     Default: 60 seconds
 * @param readyAfter how long a new worker must serve in a reload before the old one goes. Default:
 *     2 seconds
 * @param runningAfter how long a worker runs that listens on nothing until it is taken for one that
 *     means to, and is ready. Default: 10 seconds
 * @param surge how many new workers a reload starts at once, beside those that they replace.
 *     Default: 1
 * @param restart which workers are replaced that end by themselves. Default: unless done
 */
public record PoolSettings(
        int workers,
        Map<String, String> environment,
        Optional<Duration> drain,
        Optional<Duration> stop,
        Duration listenWithin,
        Duration readyAfter,
        Duration runningAfter,
        int surge,
        RestartPolicy restart) {
    /**
     * Checks them.
     *
     * @throws IllegalArgumentException that names the setting and its value
     */
    public PoolSettings {
        environment = Map.copyOf(Objects.requireNonNull(environment, "environment is null"));
        from(1, "workers", workers);
        from(1, "surge", surge);
        Objects.requireNonNull(drain, "drain is null")
                .ifPresent(time -> notNegative("drain", time));
        Objects.requireNonNull(stop, "stop is null").ifPresent(time -> notNegative("stop", time));
        Objects.requireNonNull(restart, "restart is null");
        notNegative("listenWithin", listenWithin);
        notNegative("readyAfter", readyAfter);
        notNegative("runningAfter", runningAfter);
        boolean isPossible =
                drain.isEmpty() || stop.isEmpty() || drain.get().compareTo(stop.get()) <= 0;
        if (!isPossible) {
            throw new IllegalArgumentException(
                    "drain="
                            + drain.get()
                            + " stop="
                            + stop.get()
                            + ": the connections' time is a part of the whole");
        }
    }

    private static void from(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + "=" + value + ": at least " + least);
        }
    }

    private static void notNegative(String name, Duration time) {
        if (Objects.requireNonNull(time, name + " is null").isNegative()) {
            throw new IllegalArgumentException(name + "=" + time + ": a time is not negative");
        }
    }

    /** So many workers, and everything else by default. */
    public static PoolSettings of(int workers) {
        return new PoolSettings(
                workers,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(60),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                1,
                RestartPolicy.UNLESS_DONE);
    }

    /** With these variables for each worker. */
    public PoolSettings environment(Map<String, String> variables) {
        return new PoolSettings(
                workers,
                variables,
                drain,
                stop,
                listenWithin,
                readyAfter,
                runningAfter,
                surge,
                restart);
    }

    /** With so long for the connections of a worker that leaves. */
    public PoolSettings drain(Duration time) {
        return new PoolSettings(
                workers,
                environment,
                Optional.of(Objects.requireNonNull(time, "drain is null")),
                stop,
                listenWithin,
                readyAfter,
                runningAfter,
                surge,
                restart);
    }

    /** With so long for all of a worker's leave. */
    public PoolSettings stop(Duration time) {
        return new PoolSettings(
                workers,
                environment,
                drain,
                Optional.of(Objects.requireNonNull(time, "stop is null")),
                listenWithin,
                readyAfter,
                runningAfter,
                surge,
                restart);
    }

    /** With so long for a new worker to listen. */
    public PoolSettings listenWithin(Duration time) {
        return new PoolSettings(
                workers, environment, drain, stop, time, readyAfter, runningAfter, surge, restart);
    }

    /** With so long for a new worker to show that it goes on serving. */
    public PoolSettings readyAfter(Duration time) {
        return new PoolSettings(
                workers,
                environment,
                drain,
                stop,
                listenWithin,
                time,
                runningAfter,
                surge,
                restart);
    }

    /** With so long for a worker that listens on nothing to be ready. */
    public PoolSettings runningAfter(Duration time) {
        return new PoolSettings(
                workers, environment, drain, stop, listenWithin, readyAfter, time, surge, restart);
    }

    /** With so many new workers at once. */
    public PoolSettings surge(int newcomers) {
        return new PoolSettings(
                workers,
                environment,
                drain,
                stop,
                listenWithin,
                readyAfter,
                runningAfter,
                newcomers,
                restart);
    }

    /** With these of its workers replaced. */
    public PoolSettings restart(RestartPolicy policy) {
        return new PoolSettings(
                workers,
                environment,
                drain,
                stop,
                listenWithin,
                readyAfter,
                runningAfter,
                surge,
                policy);
    }
}
