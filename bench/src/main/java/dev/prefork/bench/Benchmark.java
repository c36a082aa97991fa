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
            Workload.FORKS),
    CPU_UP(
            "cpu-up",
            "user + system CPU of both processes per message, µs, worker to primary (less is"
                    + " better)",
            Workload.MESSAGES),
    CPU_DOWN(
            "cpu-down",
            "user + system CPU of both processes per message, µs, primary to worker (less is"
                    + " better)",
            Workload.MESSAGES),
    UP(
            "up",
            "messages per second, worker to primary, at most 8,000 unacknowledged (more is better)",
            Workload.MESSAGES),
    DOWN(
            "down",
            "messages per second, primary to worker, at most 8,000 unacknowledged (more is better)",
            Workload.MESSAGES),
    RTT(
            "rtt",
            "time of a message there and back, µs, median of 20,000 (less is better)",
            Workload.MESSAGES);

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
