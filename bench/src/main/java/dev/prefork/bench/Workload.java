package dev.prefork.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a side is made to do; one run tells what several benchmarks want to know. */
enum Workload {
    CONNECTIONS {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            LoadRun run = LoadRun.of(side, "rr");
            return Map.of(
                    Benchmark.CPU_RR, run.cpuMicrosPerConnection(),
                    Benchmark.CONN_RR, run.connectionsPerSecond());
        }
    },
    SHARED_CONNECTIONS {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            LoadRun run = LoadRun.of(side, "none");
            return Map.of(
                    Benchmark.CPU_NONE, run.cpuMicrosPerConnection(),
                    Benchmark.CONN_NONE, run.connectionsPerSecond());
        }
    },
    STEERED_CONNECTIONS {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            LoadRun run = LoadRun.of(side, "reuseport");
            return Map.of(
                    Benchmark.CPU_REUSEPORT, run.cpuMicrosPerConnection(),
                    Benchmark.CONN_REUSEPORT, run.connectionsPerSecond());
        }

        // Node has none of it.
        @Override
        Side peer() {
            return new NginxSide();
        }
    },
    HTTP {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            List<Double> parts = HttpRun.of(side, 2, FOUR_PARTS).perSecond();
            return Map.of(
                    Benchmark.HTTP_5, parts.get(0),
                    Benchmark.HTTP_10, parts.get(1),
                    Benchmark.HTTP_15, parts.get(2),
                    Benchmark.HTTP_20, parts.get(3));
        }
    },
    PLAIN_HTTP {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            List<Double> parts = HttpRun.of(side, 2, FOUR_PARTS).perSecond();
            return Map.of(
                    Benchmark.PLAIN_5, parts.get(0),
                    Benchmark.PLAIN_10, parts.get(1),
                    Benchmark.PLAIN_15, parts.get(2),
                    Benchmark.PLAIN_20, parts.get(3));
        }

        // Without us.
        @Override
        Side peer() {
            return new PlainSide(JavaSide.ofThisBuild("java"));
        }
    },
    FRESH_HTTP {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            HttpRun run = HttpRun.of(side, 4, List.of(3, 5));
            return Map.of(
                    Benchmark.FIRST_ANSWER, run.firstAnswerMillis(),
                    Benchmark.FRESH, run.perSecond().getFirst(),
                    Benchmark.MEMORY, run.memory().workerMegabytes(),
                    Benchmark.PRIMARY_MEMORY, run.memory().primaryMegabytes());
        }
    },
    FORKS {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            ForkRun run = ForkRun.of(side);
            return Map.of(
                    Benchmark.CPU_FORK, run.cpuMillisPerFork(),
                    Benchmark.FORK_ONLINE, run.medianMillis());
        }
    },
    MESSAGES {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            MessageRun run = MessageRun.of(side);
            return Map.of(
                    Benchmark.CPU_UP, run.cpuMicrosPerMessage("up"),
                    Benchmark.CPU_DOWN, run.cpuMicrosPerMessage("down"),
                    Benchmark.UP, run.perSecond("up"),
                    Benchmark.DOWN, run.perSecond("down"),
                    Benchmark.RTT, run.roundTripMicros());
        }
    };

    private static final List<Integer> FOUR_PARTS = List.of(5, 5, 5, 5);

    /** Who ours is compared with. */
    Side peer() {
        return new NodeSide();
    }

    /** Runs it once on this side. */
    abstract Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException;
}
