package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Spawn, and Child: real processes. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
class SpawnTest {
    private static final int F_DUPFD = 0;

    @TempDir Path folder;

    @Test
    void givenArguments_whenTheChildRuns_thenItHasThemWordForWord() throws IOException {
        Run run = Run.of("/bin/sh", "-c", "printf '%s|' \"$0\" \"$@\"", "zero", "a b", "", "ä\n*");

        assertThat(run).isEqualTo(new Run(new ExitStatus.Exited(0), "zero|a b||ä\n*|", ""));
    }

    @Test
    void givenTheCommandLine_whenTheChildReadsIt_thenArgumentZeroIsTheExecutable()
            throws IOException {
        assertThat(Run.of("cat", "/proc/self/cmdline").out())
                .isEqualTo("cat\0/proc/self/cmdline\0");
    }

    @Test
    void givenANameWithoutASlash_whenItIsStarted_thenItIsFoundOnPath() throws IOException {
        assertThat(Run.of("true").end()).isEqualTo(new ExitStatus.Exited(0));
    }

    @Test
    void givenAnOpenDescriptorThatIsNotCloseOnExec_whenAChildIsStarted_thenItDoesNotGetIt()
            throws IOException {
        try (EventFd event = EventFd.open()) {
            int leaky = (int) Syscall.FCNTL.call(event.descriptor(), F_DUPFD, 40);

            try (Fd ours = Fd.owning(leaky)) {
                assertThat(ours.number()).isGreaterThanOrEqualTo(40);
                // 3 is the folder that ls itself has open.
                assertThat(Run.of("ls", "/proc/self/fd").out().lines())
                        .containsExactly("0", "1", "2", "3");
            }
        }
    }

    @Test
    void givenADescriptorMapWithHoles_whenTheChildLooks_thenItHasThoseAndNoMore()
            throws IOException {
        try (EventFd event = EventFd.open();
                Epoll epoll = Epoll.open()) {
            int leaky = (int) Syscall.FCNTL.call(event.descriptor(), F_DUPFD, 40);
            try (Fd ours = Fd.owning(leaky)) {
                int hole = ours.number();
                Spawn spawn =
                        withDescriptors(
                                Map.of(3, event.descriptor(), hole + 1, epoll.descriptor()),
                                "ls",
                                "-l",
                                "/proc/self/fd");

                List<String> listing =
                        Run.of(spawn).out().lines().filter(line -> line.contains("->")).toList();

                // 4 is the folder that ls itself has open.
                assertThat(listing).hasSize(6);
                assertThat(listing).anyMatch(line -> line.contains(" 3 -> anon_inode:[eventfd]"));
                assertThat(listing).anyMatch(line -> line.contains(" 4 -> /proc/"));
                String last = " " + (hole + 1) + " -> anon_inode:[eventpoll]";
                assertThat(listing).anyMatch(line -> line.contains(last));
            }
        }
    }

    @Test
    void givenAMapThatSwapsTwoDescriptors_whenTheChildLooks_thenTheyAreSwapped()
            throws IOException {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (Fd one = pair[0];
                Fd two = pair[1]) {
            Map<Integer, Integer> swap =
                    Map.of(one.number(), two.number(), two.number(), one.number());

            assertThat(targetsInChild(swap, one.number(), two.number()))
                    .containsExactly(
                            NothingLeft.target(two.number()), NothingLeft.target(one.number()));
        }
    }

    @Test
    void givenAMapThatTurnsThreeInACircle_whenTheChildLooks_thenEachIsTheNext() throws IOException {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (Fd one = pair[0];
                Fd two = pair[1];
                Fd three = Sockets.open(StandardProtocolFamily.UNIX, Sockets.Type.STREAM)) {
            int a = one.number();
            int b = two.number();
            int c = three.number();

            assertThat(targetsInChild(Map.of(a, b, b, c, c, a), a, b, c))
                    .containsExactly(
                            NothingLeft.target(b), NothingLeft.target(c), NothingLeft.target(a));
        }
    }

    @Test
    void givenADescriptorMappedToItselfAndToAnother_whenTheChildLooks_thenItHasBoth()
            throws IOException {
        try (Fd one = Sockets.open(StandardProtocolFamily.UNIX, Sockets.Type.STREAM)) {
            int a = one.number();

            assertThat(targetsInChild(Map.of(a, a, a + 1, a, 3, a), a, a + 1, 3))
                    .containsExactly(
                            NothingLeft.target(a), NothingLeft.target(a), NothingLeft.target(a));
        }
    }

    @Test
    void givenADescriptorThatIsNotOpen_whenItIsMapped_thenEbadfAndNoChild() {
        assertThatThrownBy(() -> withDescriptors(Map.of(3, 19_999), "true").start())
                .isInstanceOf(PosixException.class)
                .hasMessage("fcntl(fd 19999): EBADF (Bad file descriptor)");
    }

    @Test
    void givenASocketForAChild_whenItWritesToIt_thenWeRead() throws IOException {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (DescriptorSocket ours = new DescriptorSocket(pair[0], 64);
                Fd theirs = pair[1]) {
            Run run =
                    Run.of(
                            withDescriptors(
                                    Map.of(7, theirs.number()),
                                    "/bin/sh",
                                    "-c",
                                    "printf hello >&7"));
            theirs.close();

            assertThat(run.end()).isEqualTo(new ExitStatus.Exited(0));
            assertThat(ours.receive()).isEqualTo(5);
            assertThat(ours.receive()).isZero();
        }
    }

    @Test
    void givenAJvmsThread_whenItStartsAChild_thenNoSignalIsBlockedOrIgnoredThere()
            throws IOException {
        Map<String, Long> masks = signalMasks(Run.of("cat", "/proc/self/status").out());

        assertThat(masks).containsEntry("SigBlk", 0L).containsEntry("SigCgt", 0L);
        // 32 and 33 belong to glibc, which ignores them in a child until it sets its own handlers.
        assertThat(masks.get("SigIgn") & ~(3L << 31)).isZero();
    }

    @Test
    void givenAFolder_whenTheChildStarts_thenItWorksThere() throws IOException {
        Spawn spawn =
                new Spawn("pwd", List.of("-P"), System.getenv(), Optional.of(folder), Map.of());

        assertThat(Run.of(spawn).out()).isEqualTo(folder.toRealPath() + "\n");
    }

    @Test
    void givenNoFolder_whenTheChildStarts_thenItWorksInOurs() throws IOException {
        assertThat(Run.of("pwd", "-P").out()).isEqualTo(Path.of("").toRealPath() + "\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void givenAGroupOfItsOwn_whenTheChildLooks_thenItLeadsIt(boolean own) throws IOException {
        Spawn spawn =
                new Spawn(
                        "cat",
                        List.of("/proc/self/stat", "/proc/" + ourPid() + "/stat"),
                        System.getenv(),
                        Optional.empty(),
                        Map.of(),
                        own);

        List<String[]> stats =
                Run.of(spawn).out().lines().map(line -> line.split(" ", -1)).toList();

        // proc_pid_stat(5): pid (comm) state ppid pgrp; neither name has a space.
        String[] child = stats.getFirst();
        assertThat(child[4]).isEqualTo(own ? child[0] : stats.getLast()[4]);
    }

    private static long ourPid() {
        return ProcessHandle.current().pid();
    }

    @Test
    void givenAnEnvironment_whenTheChildLooks_thenItHasExactlyThat() throws IOException {
        Map<String, String> environment = Map.of("A", "1", "B", "x=y z", "EMPTY", "", "Ü", "ö");
        Spawn spawn = new Spawn("env", List.of("-0"), environment, Optional.empty(), Map.of());

        List<String> variables = Arrays.asList(Run.of(spawn).out().split("\0", -1));

        assertThat(variables).containsExactlyInAnyOrder("A=1", "B=x=y z", "EMPTY=", "Ü=ö", "");
    }

    @Test
    void givenNoEnvironment_whenTheChildLooks_thenItHasNone() throws IOException {
        Spawn spawn = new Spawn("env", List.of(), Map.of(), Optional.empty(), Map.of());

        assertThat(Run.of(spawn)).isEqualTo(new Run(new ExitStatus.Exited(0), "", ""));
    }

    @Test
    void givenAMissingExecutable_whenItIsStarted_thenEnoent() {
        assertThatThrownBy(() -> Run.of("/no/such/program"))
                .isInstanceOf(PosixException.class)
                .hasMessage("posix_spawn(/no/such/program): ENOENT (No such file or directory)");
        assertThatThrownBy(() -> Run.of("no-such-program"))
                .isInstanceOf(PosixException.class)
                .hasMessage("posix_spawn(no-such-program): ENOENT (No such file or directory)");
    }

    @Test
    void givenAMissingFolder_whenTheChildIsStarted_thenEnoent() {
        Path missing = folder.resolve("missing");
        Spawn spawn = new Spawn("true", List.of(), Map.of(), Optional.of(missing), Map.of());

        assertThatThrownBy(() -> Run.of(spawn))
                .isInstanceOf(PosixException.class)
                .extracting(failure -> ((PosixException) failure).errno())
                .isEqualTo(Errno.ENOENT);
    }

    @Test
    void givenAFileThatMayNotBeRun_whenItIsStarted_thenEacces() throws IOException {
        Path file = Files.writeString(folder.resolve("program"), "#!/bin/sh\n");

        assertThatThrownBy(() -> Run.of(file.toString()))
                .isInstanceOf(PosixException.class)
                .hasMessage("posix_spawn(" + file + "): EACCES (Permission denied)");
    }

    @Test
    void givenAFileThatIsNoProgram_whenItIsStarted_thenEnoexec() throws IOException {
        Path file = Files.writeString(folder.resolve("program"), "no program\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));

        assertThatThrownBy(() -> Run.of(file.toString()))
                .isInstanceOf(PosixException.class)
                .hasMessage("posix_spawn(" + file + "): ENOEXEC (Exec format error)");
    }

    @Test
    void givenNulInAnArgumentOrVariable_whenItIsStarted_thenItIsTheCallersMistake() {
        assertThatThrownBy(() -> Run.of("true", "a\0b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("NUL in a\\0b");
        assertThatThrownBy(() -> Run.of("tr\0ue")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () ->
                                new Spawn(
                                                "true",
                                                List.of(),
                                                Map.of("A", "a\0b"),
                                                Optional.empty(),
                                                Map.of())
                                        .start())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 127, 128, 143, 255})
    void givenAnExitCode_whenTheChildEnds_thenItIsExactlyThat(int code) throws IOException {
        assertThat(Run.of("/bin/sh", "-c", "exit " + code).end())
                .isEqualTo(new ExitStatus.Exited(code));
    }

    @ParameterizedTest
    @EnumSource(names = {"SIGKILL", "SIGTERM", "SIGQUIT", "SIGPIPE", "SIGUSR2", "SIGINT", "SIGHUP"})
    void givenARunningChild_whenASignalEndsIt_thenThatIsHowItEnded(Signal signal)
            throws IOException {
        try (Child child = Run.spawn("sleep", "600").start()) {
            assertThat(child.reap()).isEmpty();
            assertThat(Readiness.now(child.descriptor(), Epoll.READABLE)).isZero();

            assertThat(signal.send(child.pid())).isTrue();

            assertThat(Run.awaitEnd(child)).isEqualTo(new ExitStatus.Signaled(signal.number()));
        }
    }

    @Test
    void givenAChildThatEnded_whenItHasNotBeenReaped_thenItsPidfdStaysReadable()
            throws IOException {
        try (Child child = Run.spawn("true").start()) {
            assertThat(Readiness.await(child.descriptor(), Epoll.READABLE) & Epoll.READABLE)
                    .isNotZero();
            assertThat(Readiness.now(child.descriptor(), Epoll.READABLE) & Epoll.READABLE)
                    .isNotZero();
            // Its pid is still its own.
            assertThat(Signal.SIGTERM.send(child.pid())).isTrue();

            assertThat(child.reap()).contains(new ExitStatus.Exited(0));
        }
    }

    @Test
    void givenAReapedChild_whenItIsReapedAgain_thenTheAnswerIsTheSame() throws IOException {
        try (Child child = Run.spawn("/bin/sh", "-c", "exit 3").start()) {
            Run.awaitEnd(child);

            assertThat(child.reap()).contains(new ExitStatus.Exited(3));
        }
    }

    @Test
    void givenManyChildrenBesideTheJvmsOwn_whenTheyEnd_thenEachTellsItsOwnEnd() throws Exception {
        for (int round = 0; round < 10; round++) {
            Process jdks =
                    new ProcessBuilder("/bin/sh", "-c", "exit 7")
                            .redirectInput(Redirect.from(new File("/dev/null")))
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD)
                            .start();
            try (Child one = Run.spawn("/bin/sh", "-c", "exit 1").start();
                    Child two = Run.spawn("/bin/sh", "-c", "exit 2").start()) {
                assertThat(Run.awaitEnd(two)).isEqualTo(new ExitStatus.Exited(2));
                assertThat(Run.awaitEnd(one)).isEqualTo(new ExitStatus.Exited(1));
            }
            assertThat(jdks.waitFor()).isEqualTo(7);
        }
    }

    @Test
    void givenAProcessThatInheritedSigchldIgnored_whenItsChildEnds_thenItStillLearnsHow()
            throws IOException {
        Run run = Run.of(Run.inShell(":", Run.java(ParentOfOne.class)));

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("Exited[code=5]\n");
    }

    /** Ignores SIGCHLD, as it might have inherited it, and then has a child. */
    static final class ParentOfOne {
        public static void main(String[] arguments) throws IOException {
            // Before the signal: to read the environment, the JDK gives it its default action.
            Spawn spawn = Run.spawn("/bin/sh", "-c", "exit 5");
            try (Arena arena = Arena.ofConfined()) {
                // struct sigaction { handler; flags; restorer; mask; }, SIG_IGN is 1
                MemorySegment ignore = arena.allocateFrom(ValueLayout.JAVA_LONG, 1, 0, 0, 0);
                long result = Syscall.RT_SIGACTION.call(17, ignore.address(), 0, 8);
                PosixException.check(Syscall.RT_SIGACTION, "SIGCHLD", result);
            }
            try (Child child = spawn.start()) {
                System.out.println(Run.awaitEnd(child));
            }
        }
    }

    private static Spawn withDescriptors(
            Map<Integer, Integer> descriptors, String executable, String... arguments) {
        return new Spawn(
                executable, List.of(arguments), System.getenv(), Optional.empty(), descriptors);
    }

    private static List<String> targetsInChild(Map<Integer, Integer> descriptors, int... numbers)
            throws IOException {
        String[] paths =
                Arrays.stream(numbers)
                        .mapToObj(number -> "/proc/self/fd/" + number)
                        .toArray(String[]::new);
        return Run.of(withDescriptors(descriptors, "readlink", paths)).out().lines().toList();
    }

    private static Map<String, Long> signalMasks(String status) {
        return status.lines()
                .filter(line -> line.startsWith("Sig") && !line.startsWith("SigQ"))
                .map(line -> line.split(":\\s*", -1))
                .collect(
                        Collectors.toMap(
                                words -> words[0], words -> Long.parseUnsignedLong(words[1], 16)));
    }
}
