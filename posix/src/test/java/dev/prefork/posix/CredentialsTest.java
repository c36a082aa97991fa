package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Credentials of children: only root can give other ones. */
@ExtendWith(NothingLeft.class)
class CredentialsTest {
    private static final Credentials NOBODY =
            new Credentials(OptionalInt.of(65534), OptionalInt.of(65533));

    @Test
    void givenRoot_whenAChildIsStartedAsNobody_thenOnlyTheChildIsNobody() throws IOException {
        assumeTrue(Syscall.GETUID.call(0) == 0);
        Spawn spawn = Run.spawn("sleep", "600");

        try (Child child = spawn.start(NOBODY, Thread.ofPlatform()::start)) {
            String status = Files.readString(Path.of("/proc", "" + child.pid(), "status"));

            assertThat(status)
                    .contains("Uid:\t65534\t65534\t65534\t65534\n")
                    .contains("Gid:\t65533\t65533\t65533\t65533\n")
                    .containsPattern("Groups:\\s*\n")
                    .contains("CapEff:\t0000000000000000\n")
                    .contains("CapAmb:\t0000000000000000\n")
                    .contains("NoNewPrivs:\t1\n");
            Signal.SIGKILL.send(child.pid());
            Run.awaitEnd(child);
        }
        // The thread that had these credentials may take a moment to end.
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (anyThreadIsNobody()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void givenAmbientCapabilities_whenAChildIsStartedAsNobody_thenItHasNone() throws IOException {
        assumeTrue(Syscall.GETUID.call(0) == 0);
        String[] java = Run.java(StartsWithAmbient.class);

        Run run = Run.of(java[0], List.of(java).subList(1, java.length).toArray(String[]::new));

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .contains("ours CapAmb:\t00000000000000c0")
                .contains("child CapAmb:\t0000000000000000", "child CapEff:\t0000000000000000")
                .contains("child Uid:\t65534\t65534\t65534\t65534");
    }

    /**
     * A process that is no root and may become anyone, as systemd's AmbientCapabilities make it.
     */
    static final class StartsWithAmbient {
        private static final int PR_SET_KEEPCAPS = 8;
        private static final int PR_CAP_AMBIENT = 47;
        private static final int PR_CAP_AMBIENT_RAISE = 2;
        private static final int CAP_SETGID = 6;
        private static final int CAP_SETUID = 7;

        public static void main(String[] arguments) throws Exception {
            Spawn spawn = Run.spawn("sed", "s/^/child /", "/proc/self/status");
            // Once as root: the other user may not be able to read the class path.
            start(Run.spawn("true"));
            become(1000);
            Files.readAllLines(Path.of("/proc/thread-self/status"))
                    .forEach(line -> System.out.println("ours " + line));
            System.out.flush();
            start(spawn);
        }

        private static void start(Spawn spawn) throws PosixException {
            // A new thread has the credentials of the one that makes it.
            try (Child child = spawn.start(NOBODY, task -> Thread.ofPlatform().start(task))) {
                Child.wait(child.pid(), 0);
            }
        }

        private static void become(int user) throws PosixException {
            check(Syscall.PRCTL, Syscall.PRCTL.call(PR_SET_KEEPCAPS, 1));
            check(Syscall.SETRESGID, Syscall.SETRESGID.call(user, user, user));
            check(Syscall.SETRESUID, Syscall.SETRESUID.call(user, user, user));
            // struct __user_cap_header_struct { u32 version; int pid; }, and two times
            // struct __user_cap_data_struct { u32 effective, permitted, inheritable; }.
            int both = 1 << CAP_SETGID | 1 << CAP_SETUID;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment header = arena.allocate(8, 4);
                header.set(ValueLayout.JAVA_INT, 0, 0x20080522);
                MemorySegment data = arena.allocate(24, 4);
                for (int field = 0; field < 3; field++) {
                    data.setAtIndex(ValueLayout.JAVA_INT, field, both);
                }
                MemorySegment capset = Libc.function("capset");
                Libc.call(capset, header.address(), data.address(), 0, 0, 0, 0, 0);
            }
            for (int capability : new int[] {CAP_SETGID, CAP_SETUID}) {
                check(
                        Syscall.PRCTL,
                        Syscall.PRCTL.call(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability));
            }
        }

        private static void check(Syscall call, long result) throws PosixException {
            PosixException.check(call, "the test", result);
        }
    }

    private static boolean anyThreadIsNobody() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.map(CredentialsTest::status)
                    .anyMatch(status -> status.contains("Uid:\t65534"));
        }
    }

    private static String status(Path task) {
        try {
            return Files.readString(task.resolve("status"));
        } catch (IOException ended) {
            return "";
        }
    }

    @Test
    void givenAnotherUser_whenItStartsAChildAsRoot_thenEperm() throws IOException {
        assumeTrue(Syscall.GETUID.call(0) == 0);
        CompletableFuture<String> failure = new CompletableFuture<>();
        Spawn spawn = Run.spawn("true");

        // This thread of ours is nobody for the rest of its life; what it starts would be as well.
        Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                NOBODY.runWith(
                                        Runnable::run,
                                        () -> {
                                            failure.complete(startAsRoot(spawn));
                                            return 0;
                                        });
                            } catch (PosixException e) {
                                failure.completeExceptionally(e);
                            }
                        });

        assertThat(failure.join())
                .isEqualTo("setgroups(uid 0, gid 0): EPERM (Operation not permitted)");
    }

    private static String startAsRoot(Spawn spawn) {
        Credentials root = new Credentials(OptionalInt.of(0), OptionalInt.of(0));
        try (Child child = spawn.start(root, Runnable::run)) {
            return "started " + child.pid();
        } catch (PosixException e) {
            return e.getMessage();
        }
    }
}
