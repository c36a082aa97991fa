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
    CPU_NONE(
            "cpu-none",
            "the same, and the workers accept from one socket (less is better)",
            Workload.SHARED_CONNECTIONS),
    CONN_NONE(
            "conn-none",
            "new connections per second, likewise (more is better)",
            Workload.SHARED_CONNECTIONS),
    CPU_REUSEPORT(
            "cpu-reuseport",
            "the same, each worker with a socket of its own, against nginx (less is better)",
            Workload.STEERED_CONNECTIONS),
    CONN_REUSEPORT(
            "conn-reuseport",
            "new connections per second, likewise (more is better)",
            Workload.STEERED_CONNECTIONS),
    HTTP_5(
            "http-5",
            "HTTP requests per second on kept connections, in the first 5 s of load, 2 workers"
                    + " (more is better)",
            Workload.HTTP),
    HTTP_10("http-10", "the same, from 5 to 10 s", Workload.HTTP),
    HTTP_15("http-15", "the same, from 10 to 15 s", Workload.HTTP),
    HTTP_20("http-20", "the same, from 15 to 20 s", Workload.HTTP),
    PLAIN_5(
            "plain-5",
            "the same as http-5, against java without us (more is better)",
            Workload.PLAIN_HTTP),
    PLAIN_10("plain-10", "the same, from 5 to 10 s", Workload.PLAIN_HTTP),
    PLAIN_15("plain-15", "the same, from 10 to 15 s", Workload.PLAIN_HTTP),
    PLAIN_20("plain-20", "the same, from 15 to 20 s", Workload.PLAIN_HTTP),
    FRESH(
            "fresh",
            "HTTP requests per second in the first 3 s of 4 fresh workers (more is better)",
            Workload.FRESH_HTTP),
    FIRST_ANSWER(
            "first-answer",
            "time from the start of all to the first HTTP answer, ms, 4 workers (less is better)",
            Workload.FRESH_HTTP),
    MEMORY(
            "memory",
            "memory of a worker after load, PSS, MB, 4 workers (less is better)",
            Workload.FRESH_HTTP),
    PRIMARY_MEMORY(
            "primary-memory",
            "memory of the primary after load, resident, MB (less is better)",
            Workload.FRESH_HTTP),
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
