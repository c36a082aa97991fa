package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a reload does with a version that is no good, and with signals in a row (SPEC F6, F7, F13).
 */
class BrokenReloadIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Path broken() {
        return folder.resolve("broken");
    }

    private Program start(Object... options) {
        return programs.start(Running.served(broken(), options));
    }

    @ParameterizedTest
    @CsvSource({
        "at once, died: exit code 3",
        "after listening, died: exit code 4",
        "silent, does not listen on 127.0.0.1:"
    })
    void givenAVersionThatIsBroken_whenReloaded_thenTheOldWorkersServeOn(String how, String why)
            throws IOException {
        Program prefork = start("-w", "2", "--listen-timeout", "3");
        Running running = Running.await(prefork, 1);
        Files.writeString(broken(), how);

        prefork.signal("HUP");

        assertThat(prefork.awaitLine("prefork: reload(ed| failed).*")).contains("failed", why);
        assertThat(List.of(running.ask(), running.ask()))
                .containsExactlyInAnyOrderElementsOf(running.pids());
    }

    @Test
    void givenAllWorkersDiedWhileItWasBroken_whenItIsRepaired_thenItServesAgainByItself()
            throws IOException {
        Program prefork = start("-w", "1");
        Running running = Running.await(prefork, 1);
        Files.createFile(broken());
        Signals.send("KILL", running.pids().getFirst());
        prefork.awaitLines("prefork: worker .* died: exit code 3; starting another in .* s", 3);

        Files.delete(broken());

        assertThat(Running.await(prefork, 2).ask()).isNotEqualTo(running.pids().getFirst());
    }

    @Test
    void givenSignalsFasterThanTheStart_whenItSettles_thenEachSlotIsServedOnce() {
        Program prefork = start("-w", "2", "--ready-after", "0.1");
        prefork.awaitLines("\\d \\| slot", 2);

        for (int i = 0; i < 10; i++) {
            prefork.signal("HUP");
        }

        String last = prefork.awaitLines("prefork: reloaded 2 workers, pids ", 1).getLast();
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
        assertThat(last).isNotEmpty();
        assertThat(startsOfSlot(prefork, 0)).isBetween(2L, 4L);
        assertThat(startsOfSlot(prefork, 1)).isBetween(2L, 4L);
        assertThat(prefork.lines()).noneMatch(line -> line.contains("| slot 2"));
    }

    private static long startsOfSlot(Program prefork, int slot) {
        return prefork.lines().stream().filter(line -> line.contains("| slot " + slot)).count();
    }

    @Test
    void givenClientsThatNeverLeave_whenReloadedTwice_thenTheOldestWorkerMakesWay()
            throws IOException {
        Running first = Running.await(start("-w", "1", "--drain-timeout", "600"), 1);
        Program prefork = first.program();
        try (Client _ = first.begin()) {
            prefork.signal("HUP");
            prefork.awaitLines("prefork: reloaded 1 worker", 1);
            try (Client _ = first.begin()) {
                prefork.signal("HUP");

                prefork.awaitLine(
                        "prefork: worker 1 .* still has connections while the next one leaves");
                Signals.awaitGone(first.pids().getFirst());
                prefork.awaitLines("prefork: reloaded 1 worker", 2);
            }
        }
    }

    /** As a consumer of a queue. */
    @Test
    void givenAProgramThatListensOnNothing_whenReloaded_thenItIsJudgedByItsRunning()
            throws IOException {
        Files.writeString(broken(), "silent");
        Program prefork = start("-w", "2", "--ready-after", "2");
        prefork.awaitLine("prefork: worker \\d .* has run for 2 s and listens on no port");
        prefork.signal("HUP");
        String reloaded = prefork.awaitLine("prefork: reloaded 2 workers, pids .*");
        prefork.awaitLines("\\d \\| bye", 2);
        Files.writeString(broken(), "at once");

        prefork.signal("HUP");

        prefork.awaitLine("prefork: reload failed: .* died: exit code 3");
        List<Integer> pids = Running.numbers(reloaded.replaceAll(".*pids ", ""));
        assertThat(pids.stream().map(pid -> ProcessHandle.of(pid)).flatMap(Optional::stream))
                .hasSize(2)
                .allMatch(ProcessHandle::isAlive);
        assertThat(Stream.of("serving", "giving up"))
                .noneMatch(word -> prefork.lines().stream().anyMatch(l -> l.contains(word)));
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
    }
}
