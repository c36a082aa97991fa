package dev.prefork.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** What can be compared. */
enum Benchmark {
    CONN_RR(
            "conn-rr",
            "new connections per second, round robin, 2 workers (more is better)",
            side -> LoadRun.of(side).connectionsPerSecond()),
    CPU_RR(
            "cpu-rr",
            "user + system CPU of all processes per connection, µs, same load (less is better)",
            side -> LoadRun.of(side).cpuMicrosPerConnection()),
    FORK_ONLINE(
            "fork-online",
            "time from fork() to 'online', ms, median of 15 forks (less is better)",
            ForkRun::medianMillis);

    /** Measures one side once. */
    @FunctionalInterface
    interface Measurement {
        double of(Side side) throws IOException, InterruptedException;
    }

    private final String title;
    private final String summary;
    private final Measurement measurement;

    Benchmark(String title, String summary, Measurement measurement) {
        this.title = title;
        this.summary = summary;
        this.measurement = measurement;
    }

    static Optional<Benchmark> named(String title) {
        return Arrays.stream(values())
                .filter(benchmark -> benchmark.title.equals(title))
                .findFirst();
    }

    String title() {
        return title;
    }

    String summary() {
        return summary;
    }

    double measure(Side side) throws IOException, InterruptedException {
        return measurement.of(side);
    }
}
