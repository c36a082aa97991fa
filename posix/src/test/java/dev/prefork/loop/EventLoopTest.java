package dev.prefork.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.EventFd;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

@ExtendWith(NothingLeft.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("try") // closes early what it would close anyway
class EventLoopTest {
    private static final int DEADLINE_SECONDS = 10;

    private final BlockingQueue<String> happened = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    private EventLoop loop;
    private Thread thread;

    /** What runs in the loop and may fail. */
    private interface Step<T> {
        T take() throws Exception;
    }

    @BeforeEach
    void start() throws IOException {
        loop = EventLoop.open(faults::add);
        thread = Thread.ofPlatform().name("loop-under-test").start(loop);
    }

    @AfterEach
    void stop() throws Exception {
        CompletableFuture<Void> end = loop.shutDown();
        boolean ended = thread.join(Duration.ofSeconds(DEADLINE_SECONDS));
        assertThat(ended).as(() -> "the loop is in " + List.of(thread.getStackTrace())).isTrue();
        assertThat(end).isDone();
        assertThat(faults).isEmpty();
    }

    @Test
    void givenTasks_whenTheyAreHandedIn_thenTheyRunInOrderOnTheLoopsThread() throws Exception {
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            int number = i;
            loop.execute(() -> ran.add(number));
        }

        assertThat(inLoop(loop::inLoop)).isTrue();
        assertThat(loop.inLoop()).isFalse();
        assertThat(inLoop(() -> Thread.currentThread().getName())).isEqualTo("loop-under-test");
        assertThat(ran).hasSize(1000).isSorted();
    }

    @Test
    void givenManyThreads_whenAllHandInTasks_thenNoneIsLostAndEachThreadsOrderIsKept()
            throws Exception {
        int threads = 4;
        int each = 5000;
        int[] next = new int[threads];
        AtomicInteger outOfOrder = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(threads * each);
        for (int t = 0; t < threads; t++) {
            int who = t;
            Thread.ofPlatform()
                    .name("hands-in-" + t)
                    .start(
                            () -> {
                                for (int i = 0; i < each; i++) {
                                    int number = i;
                                    loop.execute(
                                            () -> {
                                                if (next[who]++ != number) {
                                                    outOfOrder.incrementAndGet();
                                                }
                                                all.countDown();
                                            });
                                }
                            });
        }

        assertThat(all.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(outOfOrder).hasValue(0);
    }

    @Test
    void givenALoopAtWork_whenTasksAreHandedIn_thenNobodyWakesItAndAllRun() throws Exception {
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        loop.execute(
                () -> {
                    atWork.countDown();
                    await(goesOn);
                });
        await(atWork);

        try (FailingKernel kernel = FailingKernel.ofThisThread()) {
            for (int i = 0; i < 100; i++) {
                loop.execute(ran::incrementAndGet);
            }
            assertThat(kernel.calls()).isEmpty();
        }

        goesOn.countDown();
        inLoop(() -> null);
        assertThat(ran).hasValue(100);
    }

    @Test
    void givenTasksThatWantSomethingAfterThem_whenTheyRun_thenItComesBehindThoseOfTheSameStep()
            throws Exception {
        CountDownLatch allAreHere = new CountDownLatch(1);
        loop.execute(() -> await(allAreHere));
        loop.execute(
                () -> {
                    happened.add("one");
                    loop.afterStep(() -> happened.add("after"));
                    loop.execute(() -> happened.add("next step"));
                });
        loop.execute(() -> happened.add("two"));
        allAreHere.countDown();

        assertThat(List.of(next(), next(), next(), next()))
                .containsExactly("one", "two", "after", "next step");
    }

    @Test
    void givenAHandlerAndATimerThatWantSomethingAfterThem_whenTheyRun_thenItIsDoneAtOnce()
            throws Exception {
        try (EventFd event = EventFd.open()) {
            EventLoop.Watch watch =
                    inLoop(
                            () ->
                                    loop.watch(
                                            event.descriptor(),
                                            Epoll.READABLE,
                                            events -> {
                                                event.clear();
                                                loop.afterStep(() -> happened.add("handler"));
                                            }));
            event.set();
            assertThat(next()).isEqualTo("handler");

            inLoop(
                    () ->
                            loop.schedule(
                                    Duration.ZERO,
                                    () -> loop.afterStep(() -> happened.add("timer"))));
            assertThat(next()).isEqualTo("timer");
            inLoop(() -> cancel(watch));
        }
    }

    @Test
    void givenSomethingAfterAStepThatThrows_whenItRuns_thenTheNextRunsAndTheFaultIsTold()
            throws Exception {
        IllegalStateException fault = new IllegalStateException("after");

        inLoop(
                () -> {
                    loop.afterStep(
                            () -> {
                                throw fault;
                            });
                    loop.afterStep(() -> happened.add("next"));
                    return null;
                });

        assertThat(next()).isEqualTo("next");
        assertThat(faults.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isSameAs(fault);
    }

    @Test
    void givenATaskThatHandsInTheNext_whenItRuns_thenDescriptorsAreNotKeptWaiting()
            throws Exception {
        try (EventFd event = EventFd.open()) {
            AtomicBoolean ready = new AtomicBoolean();
            EventLoop.Watch watch =
                    inLoop(
                            () ->
                                    loop.watch(
                                            event.descriptor(),
                                            Epoll.READABLE,
                                            events -> {
                                                event.clear();
                                                ready.set(true);
                                            }));
            Runnable again =
                    new Runnable() {
                        @Override
                        public void run() {
                            if (ready.get()) {
                                happened.add("ready");
                            } else {
                                loop.execute(this);
                            }
                        }
                    };

            inLoop(
                    () -> {
                        again.run();
                        event.set();
                        return null;
                    });

            assertThat(next()).isEqualTo("ready");
            inLoop(() -> cancel(watch));
        }
    }

    @Test
    void givenAWatchedDescriptor_whenItIsReady_thenItsHandlerIsCalledWithTheEvents()
            throws Exception {
        try (EventFd event = EventFd.open()) {
            EventLoop.Watch watch =
                    inLoop(
                            () ->
                                    loop.watch(
                                            event.descriptor(),
                                            Epoll.READABLE,
                                            events -> {
                                                event.clear();
                                                happened.add(
                                                        "events="
                                                                + events
                                                                + " inLoop="
                                                                + loop.inLoop());
                                            }));

            for (int i = 0; i < 3; i++) {
                event.set();
                assertThat(next()).isEqualTo("events=1 inLoop=true");
            }

            inLoop(() -> cancel(watch));
            event.set();
            dispatchOnce();
            assertThat(happened).isEmpty();
        }
    }

    @Test
    void givenTwoDescriptorsReadyAtOnce_whenTheFirstHandlerCancelsTheOther_thenThatOneIsNotCalled()
            throws Exception {
        try (EventFd one = EventFd.open();
                EventFd two = EventFd.open()) {
            one.set();
            two.set();

            inLoop(
                    () -> {
                        List<EventLoop.Watch> watches = new ArrayList<>();
                        EventLoop.Handler handler =
                                events -> {
                                    happened.add("called");
                                    for (EventLoop.Watch watch : watches) {
                                        watch.cancel();
                                        watch.cancel();
                                    }
                                };
                        watches.add(loop.watch(one.descriptor(), Epoll.READABLE, handler));
                        return watches.add(loop.watch(two.descriptor(), Epoll.READABLE, handler));
                    });

            assertThat(next()).isEqualTo("called");
            dispatchOnce();
            assertThat(happened).isEmpty();
        }
    }

    @Test
    void givenTwoDescriptorsReadyAtOnce_whenTheFirstHandlerPausesBoth_thenTheOtherIsNotCalled()
            throws Exception {
        try (EventFd one = EventFd.open();
                EventFd two = EventFd.open()) {
            one.set();
            two.set();

            List<EventLoop.Watch> watches =
                    inLoop(
                            () -> {
                                List<EventLoop.Watch> both = new ArrayList<>();
                                EventLoop.Handler handler =
                                        events -> {
                                            happened.add("called");
                                            for (EventLoop.Watch watch : both) {
                                                watch.interest(0);
                                            }
                                        };
                                both.add(loop.watch(one.descriptor(), Epoll.READABLE, handler));
                                both.add(loop.watch(two.descriptor(), Epoll.READABLE, handler));
                                return both;
                            });

            assertThat(next()).isEqualTo("called");
            dispatchOnce();
            assertThat(happened).isEmpty();
            inLoop(
                    () -> {
                        watches.get(1).interest(Epoll.READABLE);
                        return null;
                    });
            assertThat(next()).isEqualTo("called");
            for (EventLoop.Watch watch : watches) {
                inLoop(() -> cancel(watch));
            }
        }
    }

    @Test
    void givenAWatch_whenItsInterestChanges_thenItsHandlerHearsOfTheNewOne() throws Exception {
        try (EventFd event = EventFd.open()) {
            event.set();
            EventLoop.Watch watch =
                    inLoop(
                            () ->
                                    loop.watch(
                                            event.descriptor(),
                                            0,
                                            events -> {
                                                happened.add("events=" + events);
                                                event.clear();
                                            }));
            dispatchOnce();
            assertThat(happened).isEmpty();

            inLoop(
                    () -> {
                        watch.interest(Epoll.READABLE);
                        return null;
                    });
            assertThat(next()).isEqualTo("events=1");

            inLoop(() -> cancel(watch));
            inLoop(
                    () -> {
                        // A watch that has ended takes no notice.
                        watch.interest(Epoll.WRITABLE);
                        return null;
                    });
            assertThat(happened).isEmpty();
        }
    }

    @Test
    void givenAPausedWatch_whenThePeerCloses_thenItsHandlerHearsOfTheHangUp() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (Fd mine = pair[0];
                Fd theirs = pair[1]) {
            List<EventLoop.Watch> watches = new ArrayList<>();
            inLoop(
                    () ->
                            watches.add(
                                    loop.watch(
                                            mine.number(),
                                            0,
                                            events -> {
                                                happened.add("events=" + events);
                                                watches.getFirst().cancel();
                                            })));

            theirs.close();

            assertThat(next()).isEqualTo("events=" + Epoll.HANG_UP);
            dispatchOnce();
            assertThat(happened).isEmpty();
        }
    }

    @Test
    void givenANumberThatIsUsedAgain_whenItIsWatchedAgain_thenOnlyTheNewHandlerIsCalled()
            throws Exception {
        try (EventFd event = EventFd.open()) {
            event.set();
            Fd old = duplicateAt500(event);
            int number = old.number();
            inLoop(
                    () -> {
                        cancel(loop.watch(number, Epoll.READABLE, events -> happened.add("old")));
                        old.close();
                        return null;
                    });
            try (Fd again = duplicateAt500(event)) {
                assertThat(again.number()).isEqualTo(number);

                EventLoop.Watch watch =
                        inLoop(
                                () ->
                                        loop.watch(
                                                number,
                                                Epoll.READABLE,
                                                events -> {
                                                    event.clear();
                                                    happened.add("new");
                                                }));

                assertThat(next()).isEqualTo("new");
                inLoop(() -> cancel(watch));
                assertThat(happened).isEmpty();
            }
        }
    }

    @Test
    void givenTimers_whenTheyAreDue_thenTheyRunInTheOrderOfTheirTimes() throws Exception {
        inLoop(
                () -> {
                    loop.schedule(Duration.ofMillis(60), () -> happened.add("third"));
                    loop.schedule(Duration.ofMillis(30), () -> happened.add("second"));
                    loop.schedule(Duration.ofMillis(90), () -> happened.add("fourth"));
                    return loop.schedule(Duration.ZERO, () -> happened.add("first"));
                });

        assertThat(List.of(next(), next(), next(), next()))
                .containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void givenATimer_whenItRuns_thenItsDelayHasPassed() throws Exception {
        long start = System.nanoTime();

        inLoop(() -> loop.schedule(Duration.ofMillis(25), () -> happened.add("due")));

        assertThat(next()).isEqualTo("due");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Duration.ofMillis(25));
    }

    @Test
    void givenManyTimersWithOneDelay_whenTheyAreDue_thenTheyRunInTheOrderOfTheirMaking()
            throws Exception {
        int count = 500;
        inLoop(
                () -> {
                    for (int i = 0; i < count; i++) {
                        String number = Integer.toString(i);
                        loop.schedule(Duration.ofMillis(5), () -> happened.add(number));
                    }
                    return null;
                });

        for (int i = 0; i < count; i++) {
            assertThat(next()).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void givenATimer_whenItIsCancelled_thenItNeverRuns() throws Exception {
        inLoop(
                () -> {
                    Timer cancelled =
                            loop.schedule(Duration.ofMillis(5), () -> happened.add("cancelled"));
                    loop.schedule(Duration.ofMillis(10), () -> happened.add("after"));
                    cancelled.cancel();
                    cancelled.cancel();
                    return null;
                });

        assertThat(next()).isEqualTo("after");
        assertThat(happened).isEmpty();
    }

    @Test
    void givenTwoTimersDueAtOnce_whenTheFirstCancelsTheSecond_thenThatOneDoesNotRun()
            throws Exception {
        inLoop(
                () -> {
                    List<Timer> second = new ArrayList<>();
                    loop.schedule(
                            Duration.ZERO,
                            () -> {
                                happened.add("first");
                                second.getFirst().cancel();
                            });
                    second.add(loop.schedule(Duration.ZERO, () -> happened.add("second")));
                    return loop.schedule(Duration.ofMillis(5), () -> happened.add("third"));
                });

        assertThat(List.of(next(), next())).containsExactly("first", "third");
    }

    @Test
    void givenFaultsInTaskHandlerAndTimer_whenTheyHappen_thenEachIsReportedAndTheLoopGoesOn()
            throws Exception {
        try (EventFd event = EventFd.open()) {
            loop.execute(
                    () -> {
                        throw new IllegalStateException("task");
                    });
            EventLoop.Watch watch =
                    inLoop(
                            () ->
                                    loop.watch(
                                            event.descriptor(),
                                            Epoll.READABLE,
                                            events -> {
                                                event.clear();
                                                throw new IOException("handler");
                                            }));
            event.set();
            inLoop(
                    () ->
                            loop.schedule(
                                    Duration.ofMillis(20),
                                    () -> {
                                        throw new AssertionError("timer");
                                    }));

            for (String expected : List.of("task", "handler", "timer")) {
                Throwable fault = faults.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
                assertThat(fault).isNotNull().hasMessage(expected);
            }

            inLoop(() -> cancel(watch));
        }
    }

    @Test
    void givenAConsumerOfFaultsThatFails_whenATaskFails_thenTheLoopGoesOn() throws Exception {
        BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
        EventLoop mute =
                EventLoop.open(
                        fault -> {
                            throw new IllegalStateException("cannot log");
                        });
        Thread runner =
                Thread.ofPlatform()
                        .name("mute-loop")
                        .uncaughtExceptionHandler((thread, problem) -> uncaught.add(problem))
                        .start(mute);

        mute.execute(
                () -> {
                    throw new IllegalStateException("task");
                });
        CompletableFuture.runAsync(() -> {}, mute).get(DEADLINE_SECONDS, TimeUnit.SECONDS);

        Throwable problem = uncaught.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(problem).hasMessage("cannot log");
        assertThat(problem.getSuppressed()).singleElement().extracting("message").isEqualTo("task");
        mute.close();
        assertThat(runner.join(Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
    }

    @Test
    void givenTasksInTheQueue_whenTheLoopIsShutDown_thenTheyAllRunFirst() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        loop.execute(() -> await(blocked));
        for (int i = 0; i < 100; i++) {
            loop.execute(ran::incrementAndGet);
        }

        CompletableFuture<Void> end = loop.shutDown();
        assertThat(end).isNotDone();
        blocked.countDown();

        end.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(ran).hasValue(100);
    }

    @Test
    void givenAShutDownLoop_whenATaskIsHandedIn_thenItIsRejected() {
        loop.close();

        assertThatThrownBy(() -> loop.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void givenTheLoopsOwnThread_whenItClosesTheLoop_thenItDoesNotWaitForItself() throws Exception {
        loop.execute(
                () -> {
                    loop.close();
                    happened.add("closed");
                });

        assertThat(next()).isEqualTo("closed");
        assertThat(thread.join(Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
    }

    @Test
    void givenManyThreadsThatHandInTasks_whenTheLoopIsShutDown_thenEachTaskRunsOrIsRejected()
            throws Exception {
        for (int round = 0; round < 300; round++) {
            EventLoop short_ = EventLoop.open(faults::add);
            Thread runner = Thread.ofPlatform().name("short-loop").start(short_);
            AtomicInteger taken = new AtomicInteger();
            AtomicInteger ran = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                threads.add(
                        Thread.ofPlatform()
                                .name("hands-in-" + t)
                                .start(
                                        () -> {
                                            try {
                                                while (true) {
                                                    short_.execute(ran::incrementAndGet);
                                                    taken.incrementAndGet();
                                                }
                                            } catch (RejectedExecutionException closed) {
                                                short_.close();
                                            } catch (RuntimeException other) {
                                                faults.add(other);
                                            }
                                        }));
            }

            threads.add(Thread.ofPlatform().name("closes").start(short_::close));
            short_.close();

            threads.add(runner);
            for (Thread each : threads) {
                assertThat(each.join(Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
            }
            assertThat(ran).hasValue(taken.get());
        }
    }

    private static Void cancel(EventLoop.Watch watch) throws PosixException {
        watch.cancel();
        return null;
    }

    /** Up there no other thread of this JVM takes a number between closing and opening. */
    private static Fd duplicateAt500(EventFd event) throws PosixException {
        return Descriptors.duplicateAbove(event.descriptor(), 500);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts the loop", e);
        }
    }

    /** What happened next, or null when nothing did. */
    private String next() throws InterruptedException {
        return happened.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Comes back when the loop has looked at its descriptors: it does so between two batches of
     * tasks.
     */
    private void dispatchOnce() throws Exception {
        inLoop(() -> null);
        inLoop(() -> null);
    }

    /** Runs the step in the loop and brings back what it found. */
    private <T> T inLoop(Step<T> step) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(
                () -> {
                    try {
                        result.complete(step.take());
                    } catch (Exception e) {
                        result.completeExceptionally(e);
                    }
                });
        return result.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }
}
