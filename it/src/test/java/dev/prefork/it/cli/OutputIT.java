package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What workers print comes out, byte for byte, whoever reads it and how slowly. */
@Rule("F9")
class OutputIT {
    private static final Duration MAY_TAKE = Duration.ofSeconds(20);

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    /** {@code prefork run}, in a script that has it as its words and the folder as its own. */
    private Program run(String script, Object... words) {
        List<Object> all = new ArrayList<>(List.of("run"));
        all.addAll(List.of(words));
        return in(script, Command.prefork(all.toArray()));
    }

    private Program in(String script, Command command) {
        List<String> words = new ArrayList<>(List.of("-c", script, folder.toString()));
        words.addAll(command.words());
        return programs.start(Command.of("sh", words.toArray(String[]::new)));
    }

    private String text(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) ? Files.readString(path, ISO_8859_1) : "";
    }

    @Test
    void givenAnyBytesAndALineLongerThanAnyBuffer_whenPrinted_thenOnlyThePrefixIsMore()
            throws IOException {
        byte[] line = new byte[20 * 1024 * 1024];
        new Random(1).nextBytes(line);
        String text = new String(line, ISO_8859_1).replace('\n', '\0') + "\r\rend\nlast";
        Path bytes = Files.writeString(folder.resolve("bytes"), text, ISO_8859_1);

        Program prefork = run("exec \"$@\" >\"$0/out\"", "-w", 1, "--exec", "cat", bytes);

        assertThat(prefork.awaitEnd()).isZero();
        boolean same = text("out").equals("1 | " + text.replace("\nlast", "\n1 | last\n"));
        assertThat(same).isTrue();
    }

    @Test
    void givenAQuestionWithoutEndOfLine_whenItIsAsked_thenItIsSeenBeforeTheAnswer()
            throws IOException {
        Program prefork =
                run(
                        "exec \"$@\" >\"$0/out\"",
                        "-w",
                        1,
                        "--exec",
                        "sh",
                        "-c",
                        "printf 'name? '; read name; echo \"it is $name\"");

        await().atMost(MAY_TAKE).until(() -> text("out").equals("1 | name? "));
        prefork.tell("Ada");

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(text("out")).isEqualTo("1 | name? it is Ada\n");
    }

    @Test
    void givenBothStreamsOfTwoWorkersInOneFile_whenTheyPrintAtOnce_thenNoLineIsTorn() {
        String script =
                "line=$(printf '%04000d' 0); for i in $(seq 300); do echo \"out $line $i\"; echo"
                        + " \"err $line $i\" >&2; done";

        Program prefork = run("exec \"$@\" 2>&1", "-w", 2, "--exec", "sh", "-c", script);

        assertThat(prefork.awaitEnd()).isZero();
        List<String> expected = new ArrayList<>();
        for (String stream : List.of("out", "err")) {
            for (int i = 1; i <= 300; i++) {
                expected.add(stream + " " + "0".repeat(4000) + " " + i);
            }
        }
        for (String worker : List.of("1 | ", "2 | ")) {
            for (String stream : List.of("out", "err")) {
                assertThat(prefork.lines())
                        .filteredOn(line -> line.startsWith(worker + stream))
                        .containsExactlyElementsOf(
                                expected.stream()
                                        .filter(line -> line.startsWith(stream))
                                        .map(worker::concat)
                                        .toList());
            }
        }
    }

    /** The worker ends while a pipe, and prefork, still have what it printed. */
    @Test
    void givenAReaderThatBeginsLate_whenTheWorkerHasEnded_thenNothingIsLost() throws IOException {
        Program prefork =
                run(
                        "mkfifo \"$0/go\"; { \"$@\" 2>\"$0/err\"; } | { read go <\"$0/go\"; wc -c;"
                                + " }",
                        "-w",
                        1,
                        "--exec",
                        "sh",
                        "-c",
                        "head -c 100000 /dev/zero");
        await().atMost(MAY_TAKE).until(() -> text("err").contains("ended with exit code 0"));

        Files.writeString(folder.resolve("go"), "go\n");

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).containsExactly("100005"); // With "1 | " and the end of line.
    }

    /** Node's own stdout is the same open pipe, and what it does to that is done to prefork's. */
    @Test
    void givenAStdoutThatAnotherProcessMadeNonBlocking_whenTheReaderIsLate_thenNothingIsLost()
            throws IOException {
        Files.writeString(
                folder.resolve("start.js"),
                """
                const words = process.argv.slice(2);
                const { spawn } = require('child_process');
                const child = spawn(words[0], words.slice(1), { stdio: ['ignore', 1, 2] });
                process.stdout.write('');
                child.on('exit', code => process.exit(code));
                """);
        Program prefork =
                run(
                        "mkfifo \"$0/go\"; { node \"$0/start.js\" \"$@\" 2>\"$0/err\"; }"
                                + " | { read go <\"$0/go\"; wc -c; }",
                        "-w",
                        1,
                        "--exec",
                        "sh",
                        "-c",
                        "head -c 125000 /dev/zero");
        await().atMost(MAY_TAKE).until(() -> text("err").contains("ended with exit code 0"));

        Files.writeString(folder.resolve("go"), "go\n");

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).containsExactly("125005"); // With "1 | " and the end of line.
    }

    /** 3 is a pipe that nobody reads. */
    @Rule("F6")
    @Test
    void givenAStdoutThatNobodyReads_whenReloadedAndStopped_thenBothAreDone() throws IOException {
        Command served = Running.served(folder.resolve("broken"), "-w", 1, "--stop-timeout", 4);
        List<String> words = new ArrayList<>(served.words());
        words.add("chatter");
        Program prefork =
                in(
                        "mkfifo \"$0/pipe\"; exec 3<>\"$0/pipe\"; exec \"$@\" >&3",
                        new Command(words, served.environment()));
        Running before = Running.await(prefork, 1);

        prefork.signal("HUP");
        prefork.awaitLine("prefork: reloaded 1 worker");
        assertThat(before.ask()).isNotEqualTo(before.pids().getFirst());
        prefork.signal("TERM");

        assertThat(prefork.awaitEnd()).isZero();
        prefork.awaitLine("prefork: stopped");
    }

    @Test
    void givenAFullDisk_whenWorkersPrint_thenTheyServeOnAndItIsSaidOnce() throws IOException {
        Command served = Running.served(folder.resolve("broken"), "-w", 1);
        List<String> words = new ArrayList<>(served.words());
        words.add("chatter");
        Program prefork = in("exec \"$@\" >/dev/full", new Command(words, served.environment()));
        Running running = Running.await(prefork, 1);

        assertThat(running.ask()).isEqualTo(running.pids().getFirst());
        prefork.signal("TERM");

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines())
                .filteredOn(line -> line.contains("No space left"))
                .containsExactly(
                        "prefork: cannot write to stdout (No space left on device): what is printed"
                                + " there is lost, and all goes on");
    }

    @Test
    void givenNoPrefix_whenRun_thenTheWorkerHasPreforksOwnStreams() throws IOException {
        Program prefork =
                run(
                        "exec \"$@\" >\"$0/out\" 2>\"$0/err\"",
                        "-w",
                        1,
                        "--no-prefix",
                        "--exec",
                        "sh",
                        "-c",
                        "readlink /proc/$$/fd/1; printf 'no end'; readlink /proc/$$/fd/2 >&2");

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(text("out")).isEqualTo(folder.resolve("out") + "\nno end");
        assertThat(text("err")).startsWith(folder.resolve("err") + "\nprefork: worker 1 (pid");
    }

    @Test
    void givenJson_whenWorkersAndPreforkPrint_thenEachLineIsAnObject() {
        Program prefork =
                run(
                        "exec \"$@\"",
                        "-w",
                        1,
                        "--log-format",
                        "json",
                        "--exec",
                        "sh",
                        "-c",
                        "echo '\"quoted\"'; printf 'caf\\351' >&2");

        assertThat(prefork.awaitEnd()).isZero();
        String time = "[{]\"time\":\"[-0-9T:.]+Z\",";
        String worker = time + "\"slot\":0,\"worker\":1,\"pid\":\\d+,";
        assertThat(prefork.lines())
                .hasSize(3)
                .anyMatch(
                        line ->
                                line.matches(
                                        worker
                                                + "\"stream\":\"stdout\",\"text\":\"\\\\\"quoted\\\\\"\"}"))
                .anyMatch(
                        line ->
                                line.matches(
                                        worker
                                                + "\"stream\":\"stderr\",\"text\":\"caf\ufffd\",\"base64\":\"Y2Fm6Q==\",\"partial\":true}"))
                .anyMatch(
                        line ->
                                line.matches(
                                        time
                                                + "\"pid\":\\d+,\"stream\":\"stderr\",\"text\":\"worker"
                                                + " 1 .* ended with exit code 0 .*\"}"));
    }
}
