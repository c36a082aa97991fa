package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Workers that start, die and print under {@code prefork run}, and what is said of it. */
class RunIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Command served(Object... options) {
        return Running.served(folder.resolve("broken"), options);
    }

    private Program sh(String script, Object... options) {
        List<Object> words = new ArrayList<>(List.of("run"));
        words.addAll(List.of(options));
        words.addAll(List.of("--exec", "sh", "-c", script));
        return programs.start(Command.prefork(words.toArray()));
    }

    @Test
    void givenAServer_whenAWorkerIsKilled_thenAnotherOneTakesItsSlotAtOnce() throws IOException {
        Program prefork = programs.start(served("-w", "2"));
        Running before = Running.await(prefork, 1);

        Signals.send("KILL", before.pids().getFirst());

        prefork.awaitLine(
                "prefork: worker \\d \\(pid %d\\) died: SIGKILL; starting another$"
                        .formatted(before.pids().getFirst()));
        Running after = Running.await(prefork, 2);
        assertThat(after.port()).isEqualTo(before.port());
        assertThat(after.pids()).contains(before.pids().getLast()).hasSize(2);
        assertThat(after.pids()).contains(after.ask());
        assertThat(prefork.awaitLines("\\d \\| slot [01] ", 3)).hasSize(3);
    }

    @Rule("F4")
    @ParameterizedTest
    @CsvSource({"rr, KILL", "none, KILL", "rr, TERM", "none, TERM"})
    void givenOneWorker_whenItIsKilled_thenConnectionsWaitForItsSuccessor(
            String policy, String signal) throws IOException {
        Program prefork = programs.start(served("-w", "1", "--policy", policy));
        Running before = Running.await(prefork, 1);

        Signals.send(signal, before.pids().getFirst());
        prefork.awaitLine("prefork: worker 1 .* died: SIG" + signal + ".*");
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(before.begin());
        }

        Set<Integer> answered = new HashSet<>();
        for (Client client : clients) {
            answered.add(Running.finish(client));
        }
        assertThat(answered).containsExactlyElementsOf(Running.await(prefork, 2).pids());
    }

    @Rule("F4")
    @Test
    void givenTwoWorkers_whenBothAreKilledAndThenItIsStopped_thenThePortCloses()
            throws IOException {
        Program prefork = programs.start(served("-w", "2"));
        Running before = Running.await(prefork, 1);

        before.pids().forEach(pid -> Signals.send("KILL", pid));
        try (Client waiting = before.begin()) {
            assertThat(Running.finish(waiting)).isNotIn(before.pids());
        }
        Running.await(prefork, 2);
        Signals.send("TERM", prefork.pid());

        assertThat(prefork.awaitEnd()).isZero();
        assertThatThrownBy(before::ask).isInstanceOf(ConnectException.class);
    }

    @Test
    void givenArgumentsLikeOptions_whenRun_thenTheyAreTheProgramsOwn() {
        Command command = served("-w", "1");
        List<String> words = new ArrayList<>(command.words());
        words.addAll(List.of("-w", "--help", "a b"));

        Program prefork = programs.start(new Command(words, command.environment()));

        prefork.awaitLine("1 \\| slot 0 arguments \\[.*broken, -w, --help, a b\\]");
        assertThat(Running.await(prefork, 1).pids()).hasSize(1);
    }

    @Test
    void givenAProgramThatCannotStart_whenTheFifthWorkerDies_thenItGivesUpAndSaysWhy() {
        Program prefork = sh("echo to stdout; printf 'the reason' >&2; exit 3", "-w", "1");

        assertThat(prefork.awaitEnd()).isEqualTo(1);
        assertThat(prefork.lines())
                .contains("1 | to stdout", "1 | the reason", "5 | the reason")
                .anyMatch(
                        line -> line.matches("prefork: worker 1 .* exit code 3; starting another"))
                .anyMatch(line -> line.matches("prefork: worker 4 .* starting another in 0.4 s"))
                .anyMatch(line -> line.matches("prefork: giving up, .* exit code 3; .*"))
                .contains("prefork:   5 | to stdout", "prefork:   5 | the reason");
    }

    @Test
    void givenAProgramThatDoesItsWorkAndEnds_whenRun_thenItIsRunOnceByEachWorker() {
        Program prefork = sh("echo slot $PREFORK_SLOT", "-w", "3");

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).contains("1 | slot 0", "2 | slot 1", "3 | slot 2");
        assertThat(prefork.lines()).noneMatch(line -> line.startsWith("4 |"));
    }

    @Test
    void givenACommandThatLooksLikeAnAssignment_whenRun_thenItIsACommand() throws IOException {
        Path command = Files.writeString(folder.resolve("A=B"), "#!/bin/sh\necho \"$@\"\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));

        Program prefork =
                programs.start(
                        Command.prefork("run", "-w", "1", "--exec", command, "an argument", "C=D"));

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).contains("1 | an argument C=D");
    }

    @Test
    void givenAProgramThatNeverListens_whenStopped_thenItGetsTheSignalAtOnce() {
        Program prefork =
                sh(
                        "trap 'echo stopped; exit 0' TERM; echo up; while :; do sleep 0.05; done",
                        "-w",
                        "1");
        prefork.awaitLine("1 \\| up");

        prefork.signal("TERM");

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines())
                .contains("1 | stopped", "prefork: stopping 1 worker", "prefork: stopped");
    }

    /** 3 is a pipe that nobody reads. */
    @Test
    void givenAStdoutThatNobodyReads_whenAWorkerDies_thenItIsReplacedAllTheSame() {
        Program prefork = withStdout("exec 3<>\"$0/pipe\"; exec \"$@\" >&3");

        Signals.send("KILL", Running.await(prefork, 1).pids().getFirst());

        assertThat(Running.await(prefork, 2).pids()).hasSize(1);
    }

    /** 4 is what keeps the pipe from waiting for a reader, and the only one. */
    @Test
    void givenAStdoutWhoseReaderIsGone_whenAWorkerPrints_thenItServesOn() throws IOException {
        Program prefork =
                withStdout("exec 4<>\"$0/pipe\"; exec 3>\"$0/pipe\"; exec 4<&-; exec \"$@\" >&3");

        Running running = Running.await(prefork, 1);

        assertThat(List.of(running.ask(), running.ask())).containsOnly(running.pids().getFirst());
    }

    /** A server that prints all the time, started by a script in which $0 is a folder. */
    private Program withStdout(String script) {
        List<String> words =
                new ArrayList<>(List.of("-c", "mkfifo \"$0/pipe\"; " + script, folder.toString()));
        words.addAll(served("-w", "1").words());
        words.add("chatter");
        return programs.start(Command.of("sh", words.toArray(String[]::new)));
    }

    @Test
    void givenAServerInNode_whenRun_thenItSharesItsPortAndReloads() throws IOException {
        Path script =
                Files.writeString(
                        folder.resolve("server.js"),
                        """
                        require('http').createServer((request, response) => {
                            response.end(String(process.pid));
                        }).listen(0, '127.0.0.1');
                        """);
        Program prefork =
                programs.start(Command.prefork("run", "-w", "2", "--exec", "node", script));
        Running running = Running.await(prefork, 1);
        assertThat(List.of(running.ask(), running.ask()))
                .containsExactlyInAnyOrderElementsOf(running.pids());

        prefork.signal("HUP");
        String reloaded = prefork.awaitLine("prefork: reloaded 2 workers, pids ");
        assertThat(Running.numbers(reloaded.replaceAll(".*pids ", "")))
                .doesNotContainAnyElementsOf(running.pids())
                .contains(running.ask());

        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
    }

    /**
     * SPEC F12: Node 20 sends such a listen with backlog=false, and a port of UDP as it was given.
     */
    @Test
    void givenNodesOtherWaysToSayWhereToListen_whenRun_thenEachIsBound() throws IOException {
        Path script =
                Files.writeString(
                        folder.resolve("forms.js"),
                        """
                        const server = require('http').createServer().listen(0, '127.0.0.1', () => {
                            const socket = require('dgram').createSocket('udp4');
                            socket.bind(String(server.address().port), '127.0.0.1', () => {
                                console.log('bound', socket.address().port === server.address().port);
                            });
                        });
                        """);

        Program prefork =
                programs.start(Command.prefork("run", "-w", "2", "--exec", "node", script));

        assertThat(prefork.awaitLines("\\d [|] bound", 2))
                .containsExactlyInAnyOrder("1 | bound true", "2 | bound true");
    }

    /** SPEC F1. */
    @Test
    void givenOneWorker_whenItReads_thenItHasWhatPreforkWasGivenToItsEnd() throws IOException {
        Program prefork = programs.start(Command.prefork("run", "-w", "1", reader()));

        prefork.tell("one");
        prefork.awaitLine("1 [|] read one");
        prefork.tell("two");
        prefork.tellNoMore();

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).contains("1 | read two", "1 | the end");
    }

    @Test
    void givenTwoWorkers_whenTheyRead_thenTheyWait() throws IOException {
        Program prefork = programs.start(Command.prefork("run", "-w", "2", reader()));
        prefork.tell("one");
        prefork.tellNoMore();
        prefork.awaitLines("\\d [|] reading", 2);

        prefork.signal("TERM");

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).noneMatch(line -> line.contains("read one"));
        assertThat(prefork.lines()).noneMatch(line -> line.contains("the end"));
    }

    /** Says each line that it reads, and when there is no more. */
    private Path reader() throws IOException {
        return Files.writeString(
                folder.resolve("Reader.java"),
                """
                void main() throws java.io.IOException {
                    IO.println("reading");
                    var lines = new java.io.BufferedReader(new java.io.InputStreamReader(System.in));
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        IO.println("read " + line);
                    }
                    IO.println("the end");
                }
                """);
    }

    @Test
    void givenMistakes_whenRun_thenOneSentenceSaysWhatAndWhatToDo() {
        Path missing = folder.resolve("app.jar");

        assertSays(
                "run -w 2 " + missing, "the file " + missing + " does not exist; check its path");
        assertSays("fly", "there is no command \"fly\"; prefork --help shows what there is");
        assertSays(
                "run --polisy rr app.jar",
                "there is no option --polisy; similar are --policy, --ports; prefork run --help"
                        + " shows what there is");
        assertSays("run -w", "-w needs a value: -w N|max; prefork run --help shows which");
    }

    private void assertSays(String arguments, String sentence) {
        Program prefork = programs.start(Command.prefork((Object[]) arguments.split(" ", -1)));

        assertThat(prefork.awaitEnd()).isEqualTo(2);
        assertThat(prefork.lines()).containsExactly("prefork: " + sentence);
    }

    @Test
    void givenAskedForHelp_whenRun_thenItTeachesByExample() {
        Program prefork = programs.start(Command.prefork("run", "--help"));

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines())
                .anyMatch(line -> line.startsWith("  prefork run -w 2 --exec node server.js"))
                .allMatch(line -> line.length() <= 80);
    }
}
