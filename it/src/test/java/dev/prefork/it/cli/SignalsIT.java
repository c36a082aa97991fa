package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What each signal does, to prefork and to a worker alone. */
class SignalsIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    /** Ctrl-C under npm comes from the terminal and from npm; docker stop and Ctrl-C mix. */
    @Rule("F5")
    @ParameterizedTest
    @Sampled({1, 3})
    @CsvSource({"INT, INT", "TERM, TERM", "TERM, INT"})
    void givenARequest_whenTheSignalIsPassedOnAsWell_thenItIsStillAnswered(
            String first, String second) throws IOException {
        Running running = start("-w", "2", "--drain-timeout", "600");
        Client request = running.beginInWorker();
        int prefork = running.program().pid();

        // One shell: what it sends is a millisecond apart.
        Signals.send(prefork, first, second);
        running.program().awaitLine("prefork: stopping 2 workers");

        assertThat(running.pids()).contains(Running.finish(request));
        // A JVM may hear of two different ones in any order.
        List<Integer> codes = Stream.of(first, second).map(SignalsIT::code).toList();
        assertThat(running.program().awaitEnd()).isIn(codes);
    }

    private static int code(String signal) {
        return signal.equals("INT") ? 130 : 0;
    }

    @Rule("F5")
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void givenARequest_whenAskedAgainLater_thenTheWorkersAreKilled(String signal)
            throws IOException {
        Running running = start("-w", "2", "--drain-timeout", "600");
        Program prefork = running.program();
        try (Client _ = running.beginInWorker()) {
            prefork.signal("INT");
            prefork.awaitLine("prefork: stopping 2 workers");

            await("it ends at once")
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> isOver(prefork, signal));

            assertThat(prefork.awaitEnd()).isEqualTo(130);
        }
    }

    private static boolean isOver(Program prefork, String signal) {
        if (prefork.isAlive()) {
            prefork.signal(signal);
        }
        return !prefork.isAlive();
    }

    @Test
    void givenWorkers_whenQuit_thenThreadsOfAllAreSaidAndAllGoOn() throws IOException {
        Running running = start("-w", "2");
        Program prefork = running.program();

        prefork.signal("QUIT");

        prefork.awaitLine("Full thread dump");
        prefork.awaitLine("1 \\| Full thread dump");
        prefork.awaitLine("2 \\| Full thread dump");
        assertThat(running.pids()).contains(running.ask());
        stop(running);
    }

    /** The JVM's own affair, or nobody's: as with java. */
    @ParameterizedTest
    @Sampled({1, 3})
    @ValueSource(strings = {"USR2", "WINCH", "PIPE", "CONT"})
    void givenWorkers_whenItMeansNothing_thenAllGoOn(String signal) throws IOException {
        Running running = start("-w", "1");

        running.program().signal(signal);
        running.pids().forEach(pid -> Signals.send(signal, pid));

        assertThat(running.pids()).contains(running.ask());
        stop(running);
    }

    /** As java, which has no handler for it; the workers end because they see it gone. */
    @Test
    void givenWorkers_whenUsr1_thenItEndsByItAndSoDoTheWorkers() {
        Running running = start("-w", "2");

        running.program().signal("USR1");

        assertThat(running.program().awaitEnd()).isEqualTo(138);
        running.pids().forEach(Signals::awaitGone);
    }

    @Test
    void givenAWorker_whenItAloneGetsQuit_thenItSaysItsThreadsAndServesOn() throws IOException {
        Running running = start("-w", "1");

        Signals.send("QUIT", running.pids().getFirst());

        running.program().awaitLine("1 \\| Full thread dump");
        assertThat(running.pids()).contains(running.ask());
        stop(running);
    }

    @Rule("F14")
    @ParameterizedTest
    @Sampled({1, 3})
    @ValueSource(strings = {"HUP", "INT", "TERM", "USR1"})
    void givenAWorker_whenASignalEndsIt_thenItIsReplaced(String signal) throws IOException {
        Running running = start("-w", "1");

        Signals.send(signal, running.pids().getFirst());

        running.program().awaitLine("prefork: worker 1 .* died: SIG" + signal);
        Running after = Running.await(running.program(), 2);
        assertThat(after.pids()).contains(after.ask()).doesNotContainAnyElementsOf(running.pids());
        stop(after);
    }

    /** Ctrl-Z, and fg: for the workers too, which are no part of the shell's job. */
    @Test
    void givenWorkers_whenStoppedAsAJob_thenAllStopAndGoOnTogether() throws IOException {
        Running running = start("-w", "2");
        int prefork = running.program().pid();

        Signals.send("TSTP", prefork);

        Signals.awaitStopped(prefork);
        running.pids().forEach(Signals::awaitStopped);
        Signals.resume(prefork);
        assertThat(running.pids()).contains(running.ask(), running.ask());
        stop(running);
    }

    /** Its default action would end a process that has hardly begun. */
    @Test
    void givenWorkersThatStart_whenHup_thenItIsAReload() {
        Program prefork = programs.start(served("-w", "1"));
        prefork.awaitLine("1 \\| slot 0");

        prefork.signal("HUP");

        prefork.awaitLine("prefork: reloaded 1 worker");
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
    }

    /** Without a terminal there is no other meaning of it. */
    @Test
    void givenASessionWithoutATerminal_whenHup_thenItIsAReload() {
        Program prefork = programs.start(new Command(words("setsid", "-w"), Map.of()));
        Running running = Running.await(prefork, 1);
        int itself = Signals.parentOf(running.pids().getFirst());

        Signals.send("HUP", itself);

        prefork.awaitLine("prefork: reloaded 1 worker");
        Signals.send("TERM", itself);
        assertThat(prefork.awaitEnd()).isZero();
    }

    private List<String> words(String... before) {
        List<String> words = new ArrayList<>(List.of(before));
        words.addAll(served("-w", "1").words());
        return words;
    }

    private static void stop(Running running) {
        running.program().signal("TERM");
        assertThat(running.program().awaitEnd()).isZero();
        assertThat(running.program().lines()).endsWith("prefork: stopped");
    }

    private Command served(Object... options) {
        return Running.served(folder.resolve("broken"), options);
    }

    private Running start(Object... options) {
        return Running.await(programs.start(served(options)), 1);
    }
}
