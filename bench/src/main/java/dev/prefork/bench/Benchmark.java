package dev.prefork.bench;

import java.util.Arrays;
import java.util.Optional;

/** What can be compared. What leads, because a busy machine changes it least, comes first. */
enum Benchmark {
    CPU_RR(
            "cpu-rr",
            "user + system CPU of all processes per connection, round robin, 2 workers",
            "µs",
            Goal.ratioAtMost(0.34),
            Workload.CONNECTIONS),
    CONN_RR(
            "conn-rr",
            "new connections per second, round robin, 2 workers",
            "/s",
            Goal.ratioAtLeast(1.9),
            Workload.CONNECTIONS),
    CPU_NONE(
            "cpu-none",
            "user + system CPU of all processes per connection, 2 workers accept from one socket",
            "µs",
            Goal.ratioAtMost(0.55),
            Workload.SHARED_CONNECTIONS),
    CONN_NONE(
            "conn-none",
            "new connections per second, 2 workers accept from one socket",
            "/s",
            Goal.more(),
            Workload.SHARED_CONNECTIONS),
    CPU_REUSEPORT(
            "cpu-reuseport",
            "user + system CPU of all processes per connection, each of 2 workers with a socket of"
                    + " its own, against nginx",
            "µs",
            Goal.less(),
            Workload.STEERED_CONNECTIONS),
    CONN_REUSEPORT(
            "conn-reuseport",
            "new connections per second, each of 2 workers with a socket of its own, against nginx",
            "/s",
            Goal.ratioAtLeast(0.95),
            Workload.STEERED_CONNECTIONS),
    HTTP_5(
            "http-5",
            "HTTP requests per second on kept connections, in the first 5 s of load, 2 workers",
            "/s",
            Goal.more(),
            Workload.HTTP),
    HTTP_10("http-10", "the same from 5 to 10 s", "/s", Goal.more(), Workload.HTTP),
    HTTP_15("http-15", "the same from 10 to 15 s", "/s", Goal.more(), Workload.HTTP),
    HTTP_20("http-20", "the same from 15 to 20 s", "/s", Goal.ratioAtLeast(1.3), Workload.HTTP),
    PLAIN_5(
            "plain-5",
            "HTTP requests per second on kept connections, in the first 5 s of load, 2 workers,"
                    + " against java without us",
            "/s",
            Goal.ratioAtLeast(0.9),
            Workload.PLAIN_HTTP),
    PLAIN_10(
            "plain-10",
            "the same from 5 to 10 s",
            "/s",
            Goal.ratioAtLeast(0.9),
            Workload.PLAIN_HTTP),
    PLAIN_15(
            "plain-15",
            "the same from 10 to 15 s",
            "/s",
            Goal.ratioAtLeast(0.9),
            Workload.PLAIN_HTTP),
    PLAIN_20(
            "plain-20",
            "the same from 15 to 20 s",
            "/s",
            Goal.ratioAtLeast(0.9),
            Workload.PLAIN_HTTP),
    FRESH(
            "fresh",
            "HTTP requests per second in the first 3 s of 4 fresh workers",
            "/s",
            Goal.ratioAtLeast(0.5),
            Workload.FRESH_HTTP),
    FIRST_ANSWER(
            "first-answer",
            "time from the start of all to the first HTTP answer, 4 workers",
            "ms",
            Goal.ratioAtMost(1.7),
            Workload.FRESH_HTTP),
    MEMORY(
            "memory",
            "memory of a worker after load, PSS, 4 workers",
            "MB",
            Goal.ratioAtMost(2.5),
            Workload.FRESH_HTTP),
    PRIMARY_MEMORY(
            "primary-memory",
            "memory of the primary after load, resident",
            "MB",
            Goal.oursAtMost(50),
            Workload.FRESH_HTTP),
    CPU_FORK(
            "cpu-fork",
            "user + system CPU of all processes per fork, primary's start included",
            "ms",
            Goal.less(),
            Workload.FORKS),
    FORK_ONLINE(
            "fork-online",
            "time from fork() to 'online', median of 15 forks",
            "ms",
            Goal.ratioAtMost(1.5),
            Workload.FORKS),
    FORK_CACHED(
            "fork-cached",
            "the same, of a program that knows nothing of us, as prefork run starts it: with class"
                    + " data",
            "ms",
            Goal.ratioAtMost(1.5),
            Workload.CACHED_FORKS),
    FORK_SPARE(
            "fork-spare",
            "the same, with a spare that waits",
            "ms",
            Goal.ratioAtMost(0.3),
            Workload.SPARE_FORKS),
    CPU_UP(
            "cpu-up",
            "user + system CPU of both processes per message, worker to primary",
            "µs",
            Goal.less(),
            Workload.MESSAGES),
    CPU_DOWN(
            "cpu-down",
            "user + system CPU of both processes per message, primary to worker",
            "µs",
            Goal.less(),
            Workload.MESSAGES),
    UP(
            "up",
            "messages per second, worker to primary, at most 8,000 unacknowledged",
            "/s",
            Goal.ratioAtLeast(2),
            Workload.MESSAGES),
    DOWN(
            "down",
            "messages per second, primary to worker, at most 8,000 unacknowledged",
            "/s",
            Goal.ratioAtLeast(2),
            Workload.MESSAGES),
    RTT(
            "rtt",
            "time of a message there and back, median of 20,000",
            "µs",
            Goal.ratioAtMost(0.5),
            Workload.MESSAGES),
    CPU_JOBS_COLD(
            "cpu-jobs-cold",
            "user + system CPU of all processes per job of the first 100,000, of a primary and its"
                    + " 4 workers, their starts included",
            "µs",
            Goal.ratioAtMost(3),
            Workload.JOBS),
    CPU_JOBS_WARM(
            "cpu-jobs-warm",
            "the same, of the next 300,000",
            "µs",
            Goal.ratioAtMost(1),
            Workload.JOBS),
    HANDLES(
            "handles",
            "connected sockets per second, primary to worker, at most 1,000 unacknowledged",
            "/s",
            Goal.ratioAtLeast(3),
            Workload.HANDLES),
    CPU_HANDLES(
            "cpu-handles",
            "user + system CPU of both processes per connected socket",
            "µs",
            Goal.less(),
            Workload.HANDLES),
    STEADY_1(
            "steady-1",
            "HTTP requests per second on kept connections after 20 s of load, 1 worker, against"
                    + " java without us",
            "/s",
            Goal.ratioAtLeast(0.98),
            Workload.STEADY_HTTP),
    BALANCE(
            "balance",
            "connections of the worker with the most by those of the one with the fewest, 4"
                    + " workers, 20,000 connections",
            "",
            Goal.oursAtMost(1.05),
            Workload.BALANCE),
    CPU_PRIMARY_32(
            "cpu-primary-32",
            "the primary's own CPU per connection with 32 workers by that with 2",
            "",
            Goal.oursAtMost(1.15),
            Workload.MANY_WORKERS),
    P999_STOPPED(
            "p999-stopped",
            "time of a new connection, p99.9, while one of 4 workers is stopped, by that while none"
                    + " is",
            "",
            Goal.oursAtMost(2),
            Workload.STOPPED_WORKER);

    private final String title;
    private final String summary;
    private final String unit;
    private final Goal goal;
    private final Workload workload;

    Benchmark(String title, String summary, String unit, Goal goal, Workload workload) {
        this.title = title;
        this.summary = summary;
        this.unit = unit;
        this.goal = goal;
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

    /** Of its figures; empty where these are ratios themselves. */
    String unit() {
        return unit;
    }

    Goal goal() {
        return goal;
    }

    /** All of it in one line; what is counted per second says so itself. */
    String line() {
        return summary
                + (unit.isEmpty() || unit.equals("/s") ? "" : ", " + unit)
                + " ("
                + goal.direction()
                + ")";
    }

    Workload workload() {
        return workload;
    }
}
