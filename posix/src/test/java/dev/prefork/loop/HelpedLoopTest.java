package dev.prefork.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.PosixException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A loop that waits is helped by the threads that are named for that, one at a time. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class HelpedLoopTest {
    private static final int DEADLINE_SECONDS = 20;

    private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> broken = new LinkedBlockingQueue<>();
    private EventLoop loop;
    private Thread itself;

    @BeforeEach
    void start() throws PosixException {
        loop = EventLoop.open(faults::add, broken::add);
        itself = Thread.ofPlatform().name("helped-loop").start(loop);
        Thread helper = Thread.currentThread();
        loop.helpedBy(() -> Thread.currentThread() == helper);
    }

    @AfterEach
    void stop() throws Exception {
        loop.close();
        assertThat(itself.join(Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
    }

    @Test
    void givenALoopThatWaits_whenAHelperHandsIn_thenItRunsThereAndNobodyIsWoken() {
        loopWaits();

        List<Object> seen = new ArrayList<>();
        try (FailingKernel kernel = FailingKernel.ofThisThread()) {
            loop.executeAtOnce(
                    () -> {
                        seen.add(Thread.currentThread());
                        seen.add(loop.inLoop());
                        loop.afterStep(() -> seen.add("after the step"));
                    });
            assertThat(kernel.calls()).isEmpty();
        }

        assertThat(seen).containsExactly(Thread.currentThread(), true, "after the step");
        assertThat(loop.inLoop()).isFalse();
    }

    @Test
    void givenATaskThatHandsInAnother_whenAHelperRunsIt_thenTheLoopRunsTheOther() throws Exception {
        loopWaits();
        CompletableFuture<Thread> other = new CompletableFuture<>();

        loop.executeAtOnce(() -> loop.execute(() -> other.complete(Thread.currentThread())));

        assertThat(other.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isSameAs(itself);
    }

    @Test
    void givenATimerThatAHelperSets_whenItIsDue_thenTheLoopItselfRunsIt() throws Exception {
        loopWaits();
        CompletableFuture<Thread> rang = new CompletableFuture<>();

        loop.executeAtOnce(
                () ->
                        loop.schedule(
                                Duration.ofMillis(5), () -> rang.complete(Thread.currentThread())));

        assertThat(rang.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isSameAs(itself);
    }

    @Test
    void givenALoopAtWork_whenAHelperHandsIn_thenTheLoopRunsIt() throws Exception {
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        loop.execute(
                () -> {
                    atWork.countDown();
                    passes(goesOn);
                });
        passes(atWork);

        loop.executeAtOnce(() -> ran.complete(Thread.currentThread()));

        goesOn.countDown();
        assertThat(ran.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isSameAs(itself);
    }

    @Test
    void givenAThreadThatIsNoHelper_whenItHandsIn_thenTheLoopRunsIt() throws Exception {
        loopWaits();

        CompletableFuture<Thread> ran = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> loop.executeAtOnce(() -> ran.complete(Thread.currentThread())));

        assertThat(ran.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isSameAs(itself);
    }

    @Test
    void givenATaskThatThrows_whenAHelperRunsIt_thenThatIsAFaultOfTheLoop() throws Exception {
        loopWaits();
        RuntimeException fault = new IllegalStateException("task");

        loop.executeAtOnce(
                () -> {
                    throw fault;
                });

        assertThat(faults.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isSameAs(fault);
        assertThat(broken).isEmpty();
    }

    @Test
    void givenAFaultThatCannotBeTold_whenAHelperMeetsIt_thenTheLoopEndsAndSaysWhy()
            throws Exception {
        loopWaits();
        Error untold = new OutOfMemoryError("for the test");
        Thread.UncaughtExceptionHandler before =
                Thread.currentThread().getUncaughtExceptionHandler();
        EventLoop[] silent = new EventLoop[1];
        silent[0] =
                EventLoop.open(
                        fault -> {
                            throw untold;
                        },
                        broken::add);
        Thread runner = Thread.ofPlatform().name("broken-loop").start(silent[0]);
        silent[0].helpedBy(() -> true);
        loopWaits(silent[0]);
        Thread.currentThread()
                .setUncaughtExceptionHandler(
                        (thread, problem) -> {
                            throw untold;
                        });

        try {
            silent[0].executeAtOnce(
                    () -> {
                        throw new IllegalStateException("task");
                    });
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(before);
        }

        assertThat(broken.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isSameAs(untold);
        assertThat(runner.join(Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
        assertThatThrownBy(() -> silent[0].executeAtOnce(() -> {}))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void givenManyThreads_whenSomeHelpAndSomeDoNot_thenNeverTwoAtATimeAndNothingIsLost()
            throws Exception {
        int threads = 4;
        int each = 20_000;
        // Without a lock: the count is right only if one task sees what the one before has done.
        int[] count = new int[1];
        int[] next = new int[threads];
        int[] outOfOrder = new int[1];
        CountDownLatch all = new CountDownLatch(threads * each);
        loop.helpedBy(() -> Thread.currentThread().getName().startsWith("helps"));
        for (int t = 0; t < threads; t++) {
            int who = t;
            Thread.ofPlatform()
                    .name(t % 2 == 0 ? "helps" : "hands in")
                    .start(
                            () -> {
                                for (int i = 0; i < each; i++) {
                                    int number = i;
                                    loop.executeAtOnce(
                                            () -> {
                                                count[0]++;
                                                outOfOrder[0] += next[who]++ == number ? 0 : 1;
                                                all.countDown();
                                            });
                                }
                            });
        }

        assertThat(all.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        int counted =
                CompletableFuture.supplyAsync(() -> count[0], loop)
                        .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(counted).isEqualTo(threads * each);
        assertThat(outOfOrder[0]).isZero();
    }

    private void loopWaits() {
        loopWaits(loop);
    }

    /** Returns when it has nothing to do, as its helper finds. */
    private static void loopWaits(EventLoop idle) {
        await().pollDelay(Duration.ZERO)
                .pollInSameThread()
                .until(
                        () -> {
                            Thread[] ran = new Thread[1];
                            idle.executeAtOnce(() -> ran[0] = Thread.currentThread());
                            return ran[0] == Thread.currentThread();
                        });
    }

    private static void passes(CountDownLatch latch) {
        try {
            assertThat(latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
