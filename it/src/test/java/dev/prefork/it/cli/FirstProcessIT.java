package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** prefork as the first process of a pid namespace, as in a container that has no init. */
@Rule({"F7", "F8"})
class FirstProcessIT {
    private static final List<String> NAMESPACE =
            List.of("--pid", "--fork", "--mount-proc", "--kill-child");

    @RegisterExtension private final Programs programs = new Programs();

    @BeforeEach
    void namespacesAreAllowed() {
        assumeTrue(
                programs.start(Command.of("unshare", words(List.of("true")))).awaitExit() == 0,
                "no pid namespace may be made here");
    }

    private static String[] words(List<String> command) {
        List<String> words = new ArrayList<>(NAMESPACE);
        words.addAll(command);
        return words.toArray(String[]::new);
    }

    private Program first(String script) {
        return programs.start(
                Command.of(
                        "unshare",
                        words(
                                Command.prefork("run", "-w", "1", "--exec", "sh", "-c", script)
                                        .words())));
    }

    private static ProcessHandle first(Program unshare) {
        return ProcessHandle.of(unshare.pid()).orElseThrow().children().findFirst().orElseThrow();
    }

    @Test
    void givenOrphansOfAWorker_whenTheyEnd_thenTheyAreReapedAndTheWorkersExitCodeIsTold() {
        // The shell in brackets is gone at once; what it leaves is prefork's child, and says so.
        Program unshare =
                first(
                        """
                        for i in 1 2 3; do (sh -c 'read line < /proc/self/stat; exit 7' &); done
                        echo up; sleep 0.2; kill -STOP $$; exit 5
                        """);
        unshare.awaitLine("1 \\| up");
        ProcessHandle prefork = first(unshare);

        await("only the worker and the guardian are left")
                .atMost(Duration.ofSeconds(20))
                .until(() -> prefork.children().count() == 2);
        prefork.children()
                .filter(child -> Signals.isStopped(Math.toIntExact(child.pid())))
                .forEach(worker -> Signals.resume(Math.toIntExact(worker.pid())));

        unshare.awaitLine("prefork: worker 1 .* died: exit code 5");
    }

    @Test
    void givenAWorker_whenTheFirstProcessGetsTerm_thenItEndsWithZero() {
        Program unshare = first("echo up; exec sleep 1000");
        unshare.awaitLine("1 \\| up");

        Signals.send("TERM", Math.toIntExact(first(unshare).pid()));

        assertThat(unshare.awaitEnd()).isZero();
    }
}
