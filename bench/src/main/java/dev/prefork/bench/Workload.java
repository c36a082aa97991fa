package dev.prefork.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a side is made to do; one run tells what several benchmarks want to know. */
enum Workload {
    CONNECTIONS("connections") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            return connections(side, "rr", Benchmark.CPU_RR, Benchmark.CONN_RR);
        }
    },
    SHARED_CONNECTIONS("connections") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            return connections(side, "none", Benchmark.CPU_NONE, Benchmark.CONN_NONE);
        }
    },
    STEERED_CONNECTIONS("connections") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            return connections(
                    side, "reuseport", Benchmark.CPU_REUSEPORT, Benchmark.CONN_REUSEPORT);
        }

        // Node has none of it.
        @Override
        Side peer() {
            return new NginxSide();
        }
    },
    HTTP("http") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            return fourParts(
                    side,
                    Benchmark.HTTP_5,
                    Benchmark.HTTP_10,
                    Benchmark.HTTP_15,
                    Benchmark.HTTP_20);
        }
    },
    PLAIN_HTTP("http") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            return fourParts(
                    side,
                    Benchmark.PLAIN_5,
                    Benchmark.PLAIN_10,
                    Benchmark.PLAIN_15,
                    Benchmark.PLAIN_20);
        }

        @Override
        Side peer() {
            return PlainSide.ofThisBuild();
        }
    },
    STEADY_HTTP("http") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            HttpRun run = HttpRun.of(side, 1, List.of(20, 10));
            return Map.of(Benchmark.STEADY_1, run.perSecond().getLast());
        }

        @Override
        Side peer() {
            return PlainSide.ofThisBuild();
        }
    },
    FRESH_HTTP("start") {
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
    FORKS("start") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            ForkRun run = ForkRun.of(side);
            return Map.of(
                    Benchmark.CPU_FORK, run.cpuMillisPerFork(),
                    Benchmark.FORK_ONLINE, run.medianMillis());
        }
    },
    CACHED_FORKS("start") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            return Map.of(Benchmark.FORK_CACHED, standaloneFork(side, 0));
        }
    },
    SPARE_FORKS("start") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            return Map.of(Benchmark.FORK_SPARE, standaloneFork(side, 1));
        }
    },
    MESSAGES("messages") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            PhaseRun run = PhaseRun.of(side, "Messages");
            return Map.of(
                    Benchmark.CPU_UP, run.cpuMicros("up") / Messages.STREAM,
                    Benchmark.CPU_DOWN, run.cpuMicros("down") / Messages.STREAM,
                    Benchmark.UP, run.figure("up"),
                    Benchmark.DOWN, run.figure("down"),
                    Benchmark.RTT, run.figure("rtt"));
        }
    },
    JOBS("messages") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            PhaseRun run = PhaseRun.of(side, "Jobs");
            return Map.of(
                    Benchmark.CPU_JOBS_COLD, run.cpuMicros("cold") / Jobs.COLD,
                    Benchmark.CPU_JOBS_WARM, run.cpuMicros("warm") / Jobs.WARM);
        }
    },
    HANDLES("messages") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            PhaseRun run = PhaseRun.of(side, "Handles");
            return Map.of(
                    Benchmark.CPU_HANDLES,
                    run.cpuMicros("handles") / Handles.STREAM,
                    Benchmark.HANDLES,
                    run.figure("handles"));
        }
    },
    BALANCE("fairness") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException {
            return Map.of(Benchmark.BALANCE, BalanceRun.mostByFewest(side));
        }
    },
    MANY_WORKERS("fairness") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException {
            return Map.of(
                    Benchmark.CPU_PRIMARY_32,
                    PrimaryCpuRun.micros(side, 32) / PrimaryCpuRun.micros(side, 2));
        }
    },
    STOPPED_WORKER("fairness") {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            return Map.of(Benchmark.P999_STOPPED, StoppedRun.stoppedByUndisturbed(side));
        }
    };

    private final String group;

    Workload(String group) {
        this.group = group;
    }

    /** Of those that are plotted together. */
    String group() {
        return group;
    }

    /** Who ours is compared with. */
    Side peer() {
        return new NodeSide();
    }

    /** Runs it once on this side. */
    abstract Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException;

    private static Map<Benchmark, Double> connections(
            Side side, String policy, Benchmark cpu, Benchmark rate)
            throws IOException, InterruptedException {
        LoadRun run = LoadRun.of(side, policy);
        return Map.of(cpu, run.cpuMicrosPerConnection(), rate, run.connectionsPerSecond());
    }

    /** Of a program that knows nothing of us, in milliseconds; the other side has its own way. */
    private static double standaloneFork(Side side, int spares)
            throws IOException, InterruptedException {
        String folder = side.prepareForks().map(Path::toString).orElse("");
        return ForkRun.of(side, folder, "" + spares).medianMillis();
    }

    /** Of two workers, five seconds each. */
    private static Map<Benchmark, Double> fourParts(Side side, Benchmark... parts)
            throws IOException, InterruptedException {
        List<Double> rates = HttpRun.of(side, 2, List.of(5, 5, 5, 5)).perSecond();
        Map<Benchmark, Double> figures = new EnumMap<>(Benchmark.class);
        for (int part = 0; part < parts.length; part++) {
            figures.put(parts[part], rates.get(part));
        }
        return figures;
    }
}
