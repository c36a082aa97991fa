package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A prefork that was started without some of its standard streams. */
@Rule("F1")
class ClosedStreamsIT {
    @RegisterExtension final Programs programs = new Programs();

    @ParameterizedTest
    @ValueSource(strings = {"<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-", "| head -n 1"})
    void givenAStreamThatIsClosed_whenRun_thenItServesAndStops(String closed) throws IOException {
        int port = Ports.row(1);
        List<String> words = new ArrayList<>(List.of("sh", "-c", script(closed), "sh"));
        words.addAll(
                Command.prefork(
                                "run",
                                "-w",
                                "2",
                                "-cp",
                                Running.classes(),
                                PortServer.class.getName(),
                                port)
                        .words());
        Program shell = programs.start(new Command(words, Map.of()));
        int prefork = shell.awaitNumber("pid");

        await("it serves")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> Client.get(port, "/").equals("served"));

        Signals.send("TERM", prefork);
        assertThat(shell.awaitEnd()).isZero();
    }

    /** The process of the shell that says its pid becomes prefork. */
    private static String script(String closed) {
        return "exec 4>&1; sh -c 'echo pid $$ >&4; exec \"$@\" 4>&-' sh \"$@\" " + closed;
    }
}
