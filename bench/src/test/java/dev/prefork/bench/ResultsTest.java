package dev.prefork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ResultsTest {
    @TempDir private Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Results results = of("2026-01-02T03:04:05Z");

        Path file = results.write(folder);

        assertThat(file).hasFileName("2026-01-02T030405Z-0123456.json");
        assertThat(Results.read(file)).isEqualTo(results);
    }

    @Test
    void whatIsWrittenAgainTakesThePlace() throws IOException {
        of("2026-01-02T03:04:05Z").write(folder);
        of("2026-01-02T03:04:05Z").write(folder);

        assertThat(Results.readAll(folder)).hasSize(1);
    }

    @Test
    void theNewestIsFirst() throws IOException {
        of("2026-01-02T03:04:05Z").write(folder);
        of("2026-02-01T00:00:00Z").write(folder);
        of("2025-12-31T23:59:59Z").write(folder);

        assertThat(Results.readAll(folder))
                .extracting(Results::time)
                .containsExactly(
                        "2026-02-01T00:00:00Z", "2026-01-02T03:04:05Z", "2025-12-31T23:59:59Z");
    }

    @Test
    void whereThereIsNoFolderNothingIsMeasured() throws IOException {
        assertThat(Results.readAll(folder.resolve("none"))).isEmpty();
    }

    @Test
    void thisMachineIsKnown() throws IOException {
        Machine machine = Machine.here();

        assertThat(machine.processors()).isPositive();
        assertThat(machine.memoryMegabytes()).isPositive();
        assertThat(machine.kernel())
                .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
    }

    private static Results of(String time) {
        return new Results(
                time,
                "0123456789012345678901234567890123456789",
                true,
                new Machine("Some CPU", 2, 24_105, "6.1.0"),
                Map.of("node", "20.20.2"),
                List.of(
                        Row.of(Benchmark.CPU_UP, "node", List.of(new Pair(1.5, 3))),
                        Row.of(Benchmark.BALANCE, "node", List.of(new Pair(1, 1.25)))));
    }
}
