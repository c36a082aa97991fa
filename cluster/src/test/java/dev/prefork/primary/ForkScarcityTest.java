package dev.prefork.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.ClusterSettings;
import dev.prefork.ForkException;
import dev.prefork.Worker;
import dev.prefork.launch.TestLauncher;
import dev.prefork.posix.DescriptorLimit;
import dev.prefork.posix.Errno;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.PosixException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A primary without room: a fork is refused with a sentence or gives a worker whose end is told;
 * nothing is left of it, and the next one is forked (SPEC E2).
 */
@ExtendWith(NothingLeft.class)
@Timeout(120)
class ForkScarcityTest {
    /** More than a fork takes. */
    private static final int MANY = 100;

    private final IdleProcesses processes = new IdleProcesses();
    private final Primary primary = new Primary(TestLauncher.of(processes));

    private final List<Exception> errors = new CopyOnWriteArrayList<>();

    /** The loop is there from now on, and whatever classes a fork needs. */
    @BeforeEach
    void forkOnce() throws Exception {
        primary.events().fork().add(worker -> worker.onError(errors::add));
        end(primary.fork(ClusterSettings.empty(), Map.of()));
    }

    @AfterEach
    void close() throws InterruptedException {
        processes.close();
        primary.close(Duration.ZERO);
    }

    private Optional<Worker> tryToFork() {
        try {
            return Optional.of(primary.fork(ClusterSettings.empty(), Map.of()));
        } catch (ForkException refused) {
            assertThat(refused).hasMessageStartingWith("cannot fork: ");
            return Optional.empty();
        }
    }

    private void end(Worker worker) throws Exception {
        assertThat(worker.process().kill("SIGKILL")).isTrue();
        worker.exited().get(20, TimeUnit.SECONDS);
        processes.hangUp();
        worker.disconnected().get(20, TimeUnit.SECONDS);
    }

    private void awaitAsBefore(Map<Integer, String> before, String what) {
        // Those of the far end of a fork that came to nothing.
        processes.hangUp();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(
                        () -> assertThat(NothingLeft.descriptors()).as(what).isEqualTo(before));
        assertThat(ProcessHandle.current().children()).as(what).isEmpty();
        assertThat(primary.workers()).as(what).isEmpty();
    }

    @Test
    void givenRoomForNDescriptors_whenForked_thenItIsRefusedUntilThereAreEnough() throws Exception {
        try (DescriptorLimit limit = new DescriptorLimit()) {
            Map<Integer, String> before = NothingLeft.descriptors();
            Optional<Worker> forked = Optional.empty();
            int n = 0;
            for (; forked.isEmpty() && n < MANY; n++) {
                limit.leave(n);
                forked = tryToFork();
                limit.restore();
                if (forked.isEmpty()) {
                    awaitAsBefore(before, "room for " + n);
                }
            }

            assertThat(forked).as("room for %d", n).isPresent();
            assertThat(n).isGreaterThan(2);
            end(forked.orElseThrow());
            awaitAsBefore(before, "after all");
        }
    }

    @Test
    void givenTheNthCallOfTheLoopFails_whenForked_thenItIsRefusedOrTheWorkerIsThere()
            throws Exception {
        for (int errno : FailingKernel.ERRNOS) {
            boolean reached = true;
            for (int n = 1; reached; n++) {
                reached = forks(n, errno);
                assertThat(n).isLessThan(MANY);
            }
        }
        end(primary.fork(ClusterSettings.empty(), Map.of()));
        assertThat(errors).isNotEmpty().allMatch(PosixException.class::isInstance);
    }

    /** Whether the n-th call came. */
    private boolean forks(int n, int errno) throws Exception {
        String what = "call " + n + ", " + Errno.name(errno);
        Map<Integer, String> before = NothingLeft.descriptors();
        try (FailingKernel kernel = FailingKernel.of(loop())) {
            // That the loop cannot wait is its own end.
            kernel.excluding("epoll_pwait").fail(n, errno);
            Optional<Worker> forked = tryToFork();
            if (forked.isPresent()) {
                end(forked.get());
            }
            awaitAsBefore(before, what + " of " + kernel.calls());
            return kernel.failed();
        }
    }

    private static Thread loop() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("cluster-loop"))
                .findFirst()
                .orElseThrow();
    }
}
