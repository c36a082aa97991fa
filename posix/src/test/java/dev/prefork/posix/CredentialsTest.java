package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
                    .contains("CapEff:\t0000000000000000\n");
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
