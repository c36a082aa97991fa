package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The log of a primary says once that a dead worker was not told everything. */
@Rule("C4")
class UnsentIT {
    @RegisterExtension final Programs programs = new Programs();

    /** A thousand messages for a worker that takes none any more. */
    static final class Flood {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                worker.onOnline(
                        () -> {
                            worker.process().kill("SIGSTOP");
                            for (int i = 0; i < 1000; i++) {
                                worker.send("x".repeat(2000));
                            }
                            worker.process().kill("SIGKILL");
                        });
            }
        }
    }

    @Test
    void givenUnsentMessages_whenTheWorkerDies_thenTheLogHasOneLineWithTheirNumber() {
        Program primary = programs.java(Flood.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .filteredOn(line -> line.startsWith("WARNING: "))
                .singleElement()
                .asString()
                .matches(
                        "WARNING: channel closed, messages were not sent to=worker 1 .*"
                                + " count=\\d+");
        assertThat(primary.lines()).noneMatch(line -> line.startsWith("\tat "));
    }
}
