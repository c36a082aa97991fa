package dev.prefork.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import java.util.concurrent.TimeUnit;

/** Runs all of this package when asked for by name: bench/README.md. */
class MicroBenchmarks {
    @Test
    void run() throws RunnerException {
        var results =
                new Runner(
                                new OptionsBuilder()
                                        .include(MicroBenchmarks.class.getPackageName())
                                        .mode(Mode.AverageTime)
                                        .timeUnit(TimeUnit.NANOSECONDS)
                                        .forks(1)
                                        .warmupIterations(3)
                                        .warmupTime(TimeValue.seconds(1))
                                        .measurementIterations(5)
                                        .measurementTime(TimeValue.seconds(1))
                                        .shouldFailOnError(true)
                                        .jvmArgs("--enable-native-access=ALL-UNNAMED")
                                        .build())
                        .run();

        assertThat(results).isNotEmpty();
    }
}
