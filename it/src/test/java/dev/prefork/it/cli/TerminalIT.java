package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code prefork run} on a terminal of its own, that of script(1): what a test tells it is typed,
 * and a line's end with it.
 */
@Rule("F1")
class TerminalIT {
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    private static final String CTRL_Z = "\u001a";
    private static final String CTRL_BACKSLASH = "\u001c";

    /** A status line may have been there. */
    private static final String CLEARED = "(\u001b\\[K)?";

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void givenWorkers_whenCtrlCIsTyped_thenTheyEndInOrder(int workers) {
        Program terminal = start(served(workers));
        awaitServing(terminal);

        terminal.tell(CTRL_C);

        assertThat(terminal.awaitEnd()).isEqualTo(130);
        assertThat(terminal.lines()).anyMatch(line -> line.endsWith("stopped"));
        assertThat(terminal.awaitLines(CLEARED + "\\d \\| bye", workers)).hasSize(workers);
    }

    @Test
    void givenWorkers_whenCtrlBackslashIsTyped_thenThreadsOfAllAreSaidAndItGoesOn() {
        Program terminal = start(served(2));
        awaitServing(terminal);

        terminal.tell(CTRL_BACKSLASH);

        terminal.awaitLine(CLEARED + "Full thread dump");
        terminal.awaitLine(CLEARED + "1 \\| Full thread dump");
        terminal.awaitLine(CLEARED + "2 \\| Full thread dump");
        terminal.tell(CTRL_C);
        assertThat(terminal.awaitEnd()).isEqualTo(130);
        assertThat(terminal.lines()).noneMatch(line -> line.contains("died"));
    }

    /** As under java, and not a reload: the terminal's descriptors are dead by then. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void givenWorkers_whenTheTerminalIsClosed_thenAllEnd(int workers) {
        Program terminal = start(served(workers));
        List<Integer> pids = awaitServing(terminal);
        int prefork = onlyChild(terminal.pid());

        Signals.send("KILL", terminal.pid());

        Signals.awaitGone(prefork);
        pids.forEach(Signals::awaitGone);
    }

    @Test
    void givenATerminal_whenAUserSendsHup_thenItIsAReload() {
        Program terminal = start(served(1));
        awaitServing(terminal);

        Signals.send("HUP", onlyChild(terminal.pid()));

        terminal.awaitLine(CLEARED + "prefork: reloaded 1 worker");
        terminal.tell(CTRL_C);
        assertThat(terminal.awaitEnd()).isEqualTo(130);
    }

    @Test
    void givenOneWorker_whenALineIsTyped_thenTheTerminalEchoesItAndTheWorkerReadsIt() {
        Program terminal = start(Command.prefork(typed(1)));
        // No console: its output is no terminal, as with java in a pipe.
        terminal.awaitLine(CLEARED + "1 \\| console false");

        terminal.tell("one");
        terminal.awaitLine(CLEARED + "1 \\| read one");
        terminal.tell("twp\u007fo");
        terminal.awaitLine(CLEARED + "1 \\| read two");
        terminal.tell(CTRL_D);

        assertThat(terminal.awaitEnd()).isZero();
        assertThat(terminal.lines()).anyMatch(line -> line.endsWith("1 | the end"));
        assertThat(terminal.lines()).anyMatch(line -> line.endsWith("one") && !line.contains("|"));
    }

    /** A shell's job: the system stops a group that reads in the background, by SIGTTIN. */
    @Test
    void givenOneWorkerInTheBackground_whenItReads_thenTheJobStopsAndGoesOnInTheForeground() {
        Program terminal = start(Command.of("bash", "--norc", "--noediting", "-i"));
        terminal.tell(text(Command.prefork(typed(1))) + " &");

        int prefork = Integer.parseInt(terminal.awaitLine(".*\\[1\\] ").replaceAll(".* ", ""));
        Signals.awaitStopped(prefork);
        terminal.tell("fg");
        terminal.tell("one");
        terminal.awaitLine(CLEARED + "1 \\| read one");
        terminal.tell(CTRL_Z);
        Signals.awaitStopped(prefork);
        terminal.tell("fg");
        terminal.tell("two");
        terminal.awaitLine(CLEARED + "1 \\| read two");

        terminal.tell(CTRL_C);
        terminal.awaitLine(CLEARED + "prefork: stopped");
        terminal.tell("exit 7");
        assertThat(terminal.awaitEnd()).isEqualTo(7);
        assertThat(terminal.lines()).noneMatch(line -> line.contains("one worker"));
    }

    /** {@code stty tostop}: who writes in the background is stopped, as any job. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void givenWorkersInTheBackground_whenTheyMayNotWriteThere_thenTheJobStopsAndGoesOnByFg(
            int workers) {
        Program terminal = start(Command.of("bash", "--norc", "--noediting", "-i"));
        terminal.tell("stty tostop");
        terminal.tell(text(served(workers)) + " &");

        int prefork = Integer.parseInt(terminal.awaitLine(".*\\[1\\] ").replaceAll(".* ", ""));
        Signals.awaitStopped(prefork);
        terminal.tell("bg");
        terminal.awaitLine("\\[1\\]\\+ .* &");
        Signals.awaitStopped(prefork);
        terminal.tell("fg");
        assertThat(awaitServing(terminal)).hasSize(workers);

        terminal.tell(CTRL_C);
        terminal.awaitLine(CLEARED + "prefork: stopped");
        terminal.tell("exit 7");
        assertThat(terminal.awaitEnd()).isEqualTo(7);
        assertThat(terminal.lines()).noneMatch(line -> line.contains("one worker"));
    }

    private Program start(Command command) {
        return programs.start(
                Command.of("script", "-q", "-f", "-e", "-c", "exec " + text(command), "/dev/null")
                        .with("NO_COLOR", "1")
                        .with("PS1", ""));
    }

    private Command served(int workers) {
        return Running.served(folder.resolve("broken"), "-w", workers);
    }

    private static Object[] typed(int workers) {
        return new Object[] {"run", "-w", workers, "-cp", Running.classes(), Typed.class.getName()};
    }

    private static String text(Command command) {
        return command.words().stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    private static List<Integer> awaitServing(Program terminal) {
        String line = terminal.awaitLine(CLEARED + "prefork: serving .* pids? ");
        return new ArrayList<>(Running.numbers(line.replaceAll(".*pids? ", "")));
    }

    private static int onlyChild(int pid) {
        return ProcessHandle.of(pid)
                .orElseThrow()
                .children()
                .map(ProcessHandle::pid)
                .map(Math::toIntExact)
                .findFirst()
                .orElseThrow();
    }
}
