package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Workers that send more messages than anybody could keep, to a primary that wants none. */
class FloodIT {
    /** More of it with -Dprefork.flood.seconds=60. */
    private static final Duration FLOOD =
            Duration.ofSeconds(Integer.getInteger("prefork.flood.seconds", 10));

    /** The heap is bounded; what else a JVM needs is there after the first seconds. */
    private static final int MAY_GROW_KILOBYTES = 16 * 1024;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Command flood() throws IOException {
        Path script =
                Files.writeString(
                        folder.resolve("flood.js"),
                        """
                        const text = 'x'.repeat(200 * 1000);
                        require('http').createServer((request, response) => {
                            response.end(String(process.pid));
                        }).listen(0, '127.0.0.1');
                        setInterval(() => process.send({ text }), 5);
                        """);
        Command prefork = Command.prefork("run", "-w", "2", "--exec", "node", script);
        // As the launcher has it.
        List<String> words =
                prefork.words().stream()
                        .map(word -> word.startsWith("-Xmx") ? "-Xmx64m" : word)
                        .toList();
        return new Command(words, prefork.environment());
    }

    /** SPEC F11. */
    @Test
    void givenWorkersThatSendAllTheTime_whenTheyServe_thenThePrimaryIsNotLargerThanBefore()
            throws Exception {
        Program prefork = programs.start(flood());
        Running running = Running.await(prefork, 1);
        long begin = System.nanoTime();

        int early = largestWhileAsking(running, begin, FLOOD.dividedBy(2));
        int late = largestWhileAsking(running, begin, FLOOD);

        System.out.printf("flood of %s: at most %d kB, then %d kB%n", FLOOD, early, late);
        assertThat(late).isLessThan(early + MAY_GROW_KILOBYTES);
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).noneMatch(line -> line.contains("died"));
    }

    /** What the primary has in memory at most, in kilobytes, while requests are answered. */
    private static int largestWhileAsking(Running running, long begin, Duration until)
            throws IOException {
        int largest = 0;
        while (System.nanoTime() - begin < until.toNanos()) {
            assertThat(running.pids()).contains(running.ask());
            largest = Math.max(largest, residentKilobytes(running.program().pid()));
        }
        return largest;
    }

    private static int residentKilobytes(int pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", "" + pid, "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
