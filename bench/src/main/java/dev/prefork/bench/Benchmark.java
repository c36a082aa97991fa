package dev.prefork.bench;

import java.util.Arrays;
import java.util.Optional;

/** What can be compared. What leads, because a busy machine changes it least, comes first. */
enum Benchmark {
    CPU_RR(
            "cpu-rr",
            "user + system CPU of all processes per connection, µs, round robin, 2 workers (less is"
                    + " better)",
            Workload.CONNECTIONS),
    CONN_RR(
            "conn-rr",
            "new connections per second, round robin, 2 workers (more is better)",
            Workload.CONNECTIONS),
    CPU_FORK(
            "cpu-fork",
            "user + system CPU of all processes per fork, ms, primary's start included (less is"
                    + " better)",
            Workload.FORKS),
    FORK_ONLINE(
            "fork-online",
            "time from fork() to 'online', ms, median of 15 forks (less is better)",
            Workload.FORKS);

    private final String title;
    private final String summary;
    private final Workload workload;

    Benchmark(String title, String summary, Workload workload) {
        this.title = title;
        this.summary = summary;
        this.workload = workload;
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

    Workload workload() {
        return workload;
    }
}
