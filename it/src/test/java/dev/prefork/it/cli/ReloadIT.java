package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Signals to {@code prefork run}: reloading, more and fewer workers, the end. */
class ReloadIT {
    private static final int CLIENTS = 4;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Path broken() {
        return folder.resolve("broken");
    }

    private Running start(Object... options) {
        List<Object> words = new ArrayList<>(List.of("--ready-after", "0.1"));
        words.addAll(List.of(options));
        return Running.await(programs.start(Running.served(broken(), words.toArray())), 1);
    }

    private static List<Integer> reloaded(Program prefork, int times) {
        String line = prefork.awaitLines("prefork: reloaded 2 workers, pids ", times).getLast();
        return Running.numbers(line.replaceAll(".*pids ", ""));
    }

    // Reloading.

    @Test
    void givenClientsAllTheTime_whenReloadedTwice_thenNoRequestFailsAndAllWorkersAreNew()
            throws Exception {
        Running running = start("-w", "2");
        AtomicBoolean enough = new AtomicBoolean();
        List<CompletableFuture<Integer>> clients =
                Stream.generate(
                                () ->
                                        CompletableFuture.supplyAsync(
                                                () -> askUntil(enough, running),
                                                Thread.ofVirtual()::start))
                        .limit(CLIENTS)
                        .toList();

        running.program().signal("HUP");
        List<Integer> once = reloaded(running.program(), 1);
        running.program().signal("HUP");
        List<Integer> twice = reloaded(running.program(), 2);
        enough.set(true);

        for (CompletableFuture<Integer> client : clients) {
            assertThat(client.get()).isPositive();
        }
        assertThat(twice).doesNotContainAnyElementsOf(once).contains(running.ask());
        assertThat(once).doesNotContainAnyElementsOf(running.pids());
        running.pids().forEach(Signals::awaitGone);
        once.forEach(Signals::awaitGone);
    }

    private static int askUntil(AtomicBoolean enough, Running running) {
        int answers = 0;
        try {
            while (!enough.get()) {
                running.ask();
                answers++;
            }
            return answers;
        } catch (IOException e) {
            throw new AssertionError("after " + answers + " answers", e);
        }
    }

    @Test
    void givenAnOpenRequest_whenReloaded_thenItIsAnsweredByTheOldWorkerWhichThenRunsItsHooks()
            throws IOException {
        Running running = start("-w", "2");
        Client request = running.begin();
        running.program().signal("HUP");
        reloaded(running.program(), 1);

        int old = Running.finish(request);

        assertThat(running.pids()).contains(old);
        running.pids().forEach(Signals::awaitGone);
        assertThat(running.program().awaitLines("\\d \\| bye", 2)).doesNotHaveDuplicates();
    }

    @Test
    void givenAConnectionThatDoesNotEnd_whenReloaded_thenTheOldWorkerGetsSigtermInTheEnd()
            throws IOException {
        Running running = start("-w", "1", "--drain-timeout", "0.2");
        try (Client _ = running.begin()) {
            running.program().signal("HUP");

            running.program().awaitLine("prefork: worker 1 .* still has connections after 0.2 s");
            Signals.awaitGone(running.pids().getFirst());
        }
        assertThat(running.ask()).isNotEqualTo(running.pids().getFirst());
    }

    @Test
    void givenAProgramThatBroke_whenReloaded_thenTheOldWorkersServeOn() throws IOException {
        Running running = start("-w", "2");
        Files.createFile(broken());

        running.program().signal("HUP");

        running.program()
                .awaitLine(
                        "prefork: reload failed: worker 3 \\(pid \\d+\\) died: exit code 3; the old"
                                + " workers serve on$");
        assertThat(List.of(running.ask(), running.ask()))
                .containsExactlyInAnyOrderElementsOf(running.pids());
    }

    /** As programs do that look for a free port. */
    @Test
    void givenAPortThatIsOpenForAMomentAtTheStart_whenReloaded_thenNobodyMissesIt()
            throws IOException {
        Command command = Running.served(broken(), "-w", "1", "--listen-timeout", "5");
        List<String> words = new ArrayList<>(command.words());
        words.add("probe");
        Program prefork = programs.start(new Command(words, command.environment()));
        Running running = Running.await(prefork, 1);

        prefork.signal("HUP");

        prefork.awaitLine("prefork: reload(ed 1 worker, pid \\d+| failed.*)");
        assertThat(prefork.lines()).noneMatch(line -> line.contains("failed"));
        assertThat(running.ask()).isNotEqualTo(running.pids().getFirst());
    }

    @Test
    void givenAReload_whenAskedAgainMeanwhile_thenThereIsOneMore() throws IOException {
        Running running = start("-w", "2");

        running.program().signal("HUP");
        running.program().awaitLine("prefork: reloading 2 workers");
        running.program().signal("HUP");

        assertThat(reloaded(running.program(), 2)).contains(running.ask());
    }

    // More and fewer.

    @Test
    void givenTwoWorkers_whenOneMoreAndTwoFewerAreWanted_thenSoManyServe() {
        Running running = start("-w", "2");

        running.program().signal("TTIN");
        assertThat(Running.await(running.program(), 2).pids())
                .hasSize(3)
                .containsAll(running.pids());
        running.program().signal("TTOU");
        assertThat(Running.await(running.program(), 3).pids()).isEqualTo(running.pids());
        running.program().signal("TTOU");
        assertThat(Running.await(running.program(), 4).pids()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"TTIN, 3", "TTOU, 1"})
    void givenAReload_whenAnotherNumberIsWanted_thenSoManyServeAndAllAreNew(
            String signal, int wanted) {
        Running running = start("-w", "2");
        Program prefork = running.program();
        prefork.signal("HUP");
        prefork.awaitLine("prefork: reloading 2 workers");

        prefork.signal(signal);

        prefork.awaitLine("prefork: reloaded ");
        running.pids().forEach(Signals::awaitGone);
        // The guardian is the last of them.
        await().atMost(Duration.ofSeconds(20)).until(() -> children(prefork.pid()) == wanted + 1);
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).noneMatch(line -> line.contains("died"));
    }

    private static long children(int pid) {
        return ProcessHandle.of(pid).orElseThrow().children().count();
    }

    // The end.

    @Test
    void givenAnOpenRequest_whenTerminated_thenItIsAnsweredBeforeTheEnd() throws IOException {
        Running running = start("-w", "2");
        Client request = running.begin();
        running.program().signal("TERM");
        running.program().awaitLine("prefork: stopping 2 workers");

        assertThat(running.pids()).contains(Running.finish(request));

        assertThat(running.program().awaitEnd()).isZero();
        assertThat(running.program().lines())
                .endsWith("prefork: stopped")
                .contains("1 | bye", "2 | bye");
    }

    @Test
    void givenReload_whenTerminatedMeanwhile_thenAllEnd() {
        Running running = start("-w", "2");
        running.program().signal("HUP");
        running.program().awaitLine("3 \\| slot 0");

        running.program().signal("TERM");

        assertThat(running.program().awaitEnd()).isZero();
        running.pids().forEach(Signals::awaitGone);
    }
}
