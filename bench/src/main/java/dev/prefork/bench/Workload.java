package dev.prefork.bench;

import java.io.IOException;
import java.util.Map;

/** What a side is made to do; one run tells what several benchmarks want to know. */
enum Workload {
    CONNECTIONS {
        @Override
        Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException {
            LoadRun run = LoadRun.of(side);
            return Map.of(
                    Benchmark.CPU_RR, run.cpuMicrosPerConnection(),
                    Benchmark.CONN_RR, run.connectionsPerSecond());
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

    /** Runs it once on this side. */
    abstract Map<Benchmark, Double> run(Side side) throws IOException, InterruptedException;
}
