package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

@ExtendWith(NothingLeft.class)
class SignalTest {
    @Test
    void givenEveryNumber_whenItsNameIsLookedUp_thenItIsTheShells() throws IOException {
        for (Signal signal : Signal.values()) {
            assertThat(Signal.of(signal.number())).contains(signal);
        }
        String shells = Run.of("/bin/bash", "-c", "for i in $(seq 31); do kill -l $i; done").out();

        assertThat(shells.lines().map(name -> "SIG" + name))
                .hasSize(31)
                .allSatisfy(name -> assertThat(Signal.valueOf(name).name()).isEqualTo(name));
        assertThat(shells.lines().map(name -> Signal.valueOf("SIG" + name).number()))
                .isSorted()
                .startsWith(1)
                .endsWith(31);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 32, 64, -1})
    void givenANumberWithoutAName_whenItIsLookedUp_thenThereIsNone(int number) {
        assertThat(Signal.of(number)).isEmpty();
    }

    @Test
    void givenADeadProcess_whenASignalIsSent_thenTheAnswerIsFalse() throws IOException {
        try (Child child = Run.spawn("true").start()) {
            Run.awaitEnd(child);

            assertThat(Signal.SIGTERM.send(child.pid())).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void givenAPidThatMeansAGroupOrEverybody_whenASignalIsSent_thenItIsTheCallersMistake(int pid) {
        // One that nobody minds, should it go out after all.
        assertThatThrownBy(() -> Signal.SIGURG.send(pid))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pid=" + pid);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "SIGTERM", "SIGKILL", "SIGINT", "SIGHUP", "SIGUSR2", "SIGPIPE", "SIGQUIT", "SIGABRT"
            })
    void givenAJvm_whenItsExitIsToBeASignal_thenItsParentSeesTheSignal(Signal signal)
            throws IOException {
        Run run = Run.of(Run.inShell("ulimit -c 0", Run.java(EndsItself.class, signal.name())));

        assertThat(run)
                .isEqualTo(new Run(new ExitStatus.Signaled(signal.number()), "ending\nhook\n", ""));
    }

    @ParameterizedTest
    @EnumSource(names = {"SIGCHLD", "SIGCONT", "SIGSTOP", "SIGURG", "SIGWINCH"})
    void givenASignalThatEndsNobody_whenThisProcessIsToEndByIt_thenItIsTheCallersMistake(
            Signal signal) {
        assertThatThrownBy(signal::endThisProcessAtExit)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("signal=" + signal);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255})
    void givenAWaitStatusOfAnExit_whenItIsTakenApart_thenTheCodeIsThere(int code) {
        assertThat(ExitStatus.ofWaitStatus(code << 8)).isEqualTo(new ExitStatus.Exited(code));
    }

    @Test
    void givenAWaitStatusWithACoreDump_whenItIsTakenApart_thenTheSignalIsThere() {
        assertThat(ExitStatus.ofWaitStatus(0x80 | 11)).isEqualTo(new ExitStatus.Signaled(11));
    }

    /** Has a shutdown hook, which runs, and a handler of the JVM for most signals. */
    static final class EndsItself {
        public static void main(String[] arguments) throws IOException {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> System.out.println("hook"), "hook"));
            System.out.println("ending");
            Signal.valueOf(arguments[0]).endThisProcessAtExit();
            System.exit(1);
        }
    }
}
