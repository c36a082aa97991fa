package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;

/** A program that sends its primary messages, which {@code prefork run} has no use for. */
@Rule({"F11", "F12"})
class FloodIT {
    /** Of each worker: twice the primary's heap. */
    private static final long BYTES = 256L << 20;

    @RegisterExtension final Programs programs = new Programs();

    @Test
    void givenWorkersThatReportAllTheTime_whenThePrimaryHasReadMoreThanItCanHold_thenItGoesOn()
            throws URISyntaxException {
        Path script = Path.of(FloodIT.class.getResource("/node/flood.js").toURI());
        Program prefork =
                programs.start(Command.prefork("run", "-w", "2", "--exec", "node", script));
        Running running = Running.await(prefork, 1);

        await("what a worker has reported")
                .atMost(Duration.ofSeconds(30))
                .until(() -> Long.parseLong(Client.get(running.port(), "/")) > BYTES);

        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
    }
}
