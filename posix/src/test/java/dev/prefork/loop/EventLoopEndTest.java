package dev.prefork.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.posix.NothingLeft;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A loop that ends unasked says so, once; what is not its end is counted. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class EventLoopEndTest {
    private static final int DEADLINE_SECONDS = 10;

    private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> broken = new LinkedBlockingQueue<>();

    @Test
    void givenFaultsThatCannotBeToldAtAll_whenATaskFails_thenTheLoopEndsAndSaysWhy()
            throws Exception {
        Error untold = new OutOfMemoryError("for the test");
        CompletableFuture<Boolean> onTheLoop = new CompletableFuture<>();
        EventLoop[] loop = new EventLoop[1];
        loop[0] =
                EventLoop.open(
                        fault -> {
                            throw untold;
                        },
                        reason -> {
                            onTheLoop.complete(loop[0].inLoop());
                            broken.add(reason);
                        });
        Thread runner =
                Thread.ofPlatform()
                        .name("broken-loop")
                        .uncaughtExceptionHandler(
                                (thread, problem) -> {
                                    throw untold;
                                })
                        .start(loop[0]);

        loop[0].execute(
                () -> {
                    throw new IllegalStateException("task");
                });

        assertThat(broken.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isSameAs(untold);
        assertThat(onTheLoop.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.join(Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
        assertThat(loop[0].shutDown()).isDone();
        assertThat(broken).isEmpty();
        assertThatThrownBy(() -> loop[0].execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void givenALoopThatIsShutDown_whenItEnds_thenThatIsNoBreak() throws Exception {
        EventLoop loop = EventLoop.open(faults::add, broken::add);
        Thread runner = Thread.ofPlatform().name("closed-loop").start(loop);

        loop.close();

        assertThat(runner.join(Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
        assertThat(broken).isEmpty();
    }

    @Test
    void givenFaults_whenTheyHappen_thenTheyAreCountedAndTheLoopGoesOn() throws Exception {
        EventLoop loop = EventLoop.open(faults::add, broken::add);
        Thread runner = Thread.ofPlatform().name("faulty-loop").start(loop);
        AssertionError fault = new AssertionError("task");

        for (int i = 0; i < 3; i++) {
            loop.execute(
                    () -> {
                        throw fault;
                    });
        }
        CompletableFuture.runAsync(() -> {}, loop).get(DEADLINE_SECONDS, TimeUnit.SECONDS);

        assertThat(loop.faults()).isEqualTo(3);
        assertThat(List.copyOf(faults)).containsOnly(fault).hasSize(3);
        loop.close();
        assertThat(runner.join(Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
        assertThat(broken).isEmpty();
    }

    @Test
    void givenManyTimersThatAreCancelled_whenTheyAreFarAway_thenTheyAreForgotten()
            throws Exception {
        EventLoop loop = EventLoop.open(faults::add, broken::add);
        Thread runner = Thread.ofPlatform().name("timer-loop").start(loop);

        int waiting =
                CompletableFuture.supplyAsync(
                                () -> {
                                    for (int i = 0; i < 1000; i++) {
                                        loop.schedule(Duration.ofDays(1), () -> {}).cancel();
                                    }
                                    loop.schedule(Duration.ofDays(1), () -> {});
                                    return loop.timers();
                                },
                                loop)
                        .get(DEADLINE_SECONDS, TimeUnit.SECONDS);

        assertThat(waiting).isOne();
        loop.close();
        assertThat(runner.join(Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
    }

    @Test
    void givenManyThreadsWorthOfTasks_whenTheyAreHandedInAtOnce_thenATimerRunsAmongThem()
            throws Exception {
        EventLoop loop = EventLoop.open(faults::add, broken::add);
        CompletableFuture<Integer> ranBefore = new CompletableFuture<>();
        int[] ran = new int[1];
        loop.execute(() -> loop.schedule(Duration.ZERO, () -> ranBefore.complete(ran[0])));
        for (int i = 0; i < 100_000; i++) {
            loop.execute(() -> ran[0]++);
        }

        Thread runner = Thread.ofPlatform().name("busy-loop").start(loop);

        assertThat(ranBefore.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isLessThan(10_000);
        loop.close();
        assertThat(runner.join(Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
        assertThat(ran[0]).isEqualTo(100_000);
    }
}
