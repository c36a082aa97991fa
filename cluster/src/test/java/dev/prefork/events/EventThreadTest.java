package dev.prefork.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;

/** SPEC C6. */
class EventThreadTest {
    private static final Duration DEADLINE = Duration.ofSeconds(Events.DEADLINE_SECONDS);

    private final Events events = new Events();

    @AfterEach
    void close() throws Exception {
        events.close();
    }

    @Test
    void givenManyTasks_whenRun_thenTheyRunInTheirOrder() throws Exception {
        List<Integer> order = new ArrayList<>();

        for (int i = 0; i < 1000; i++) {
            int number = i;
            events.thread().execute(() -> order.add(number));
        }

        events.run(() -> assertThat(order).isEqualTo(IntStream.range(0, 1000).boxed().toList()));
    }

    @Test
    void givenATaskOfATask_whenRun_thenItComesBehindThoseThatWait() throws Exception {
        List<String> order = new ArrayList<>();
        CountDownLatch bothWait = new CountDownLatch(1);

        events.thread()
                .execute(
                        () -> {
                            awaitQuietly(bothWait);
                            events.thread().execute(() -> order.add("within"));
                        });
        events.thread().execute(() -> order.add("waiting"));
        bothWait.countDown();

        events.run(() -> {});
        events.run(() -> assertThat(order).containsExactly("waiting", "within"));
    }

    @Test
    void givenAThreadThatWaitsOrIsAboutTo_whenATaskComes_thenItRuns() throws Exception {
        for (int i = 0; i < 5000; i++) {
            CountDownLatch ran = new CountDownLatch(2);
            events.thread().execute(ran::countDown);
            events.thread().execute(ran::countDown);

            assertThat(ran.await(Events.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void givenTasksOfManyThreads_whenNobodyHoldsTheThread_thenAllRunInTheOrderOfEach()
            throws Exception {
        EventThread thread = new EventThread();
        int[] next = new int[3];
        AtomicInteger outOfOrder = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(3 * 5000);
        for (int t = 0; t < 3; t++) {
            int who = t;
            Thread.ofPlatform()
                    .start(
                            () -> {
                                for (int i = 0; i < 5000; i++) {
                                    int number = i;
                                    thread.execute(
                                            () -> {
                                                if (next[who]++ != number) {
                                                    outOfOrder.incrementAndGet();
                                                }
                                                all.countDown();
                                            });
                                }
                            });
        }

        assertThat(all.await(Events.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(outOfOrder).hasValue(0);
    }

    @Test
    void givenListenersThatThrow_whenTheyRun_thenEachIsLoggedAndTheNextRuns() throws Exception {
        RuntimeException exception = new IllegalStateException("a listener's");
        Error error = new AssertionError("a listener's");

        try (Logged logged = Logged.by(EventThread.class)) {
            events.thread()
                    .execute(
                            () -> {
                                throw exception;
                            });
            events.thread()
                    .execute(
                            () -> {
                                throw error;
                            });
            events.run(() -> {});

            assertThat(logged.records())
                    .extracting(LogRecord::getThrown)
                    .containsExactly(exception, error);
        }
    }

    @Test
    void givenALoggerThatThrows_whenAListenerThrows_thenTheNextRuns() throws Exception {
        Thread before = events.itself();

        try (Logged _ =
                Logged.by(
                        EventThread.class,
                        entry -> {
                            throw new IllegalStateException("no space left");
                        })) {
            failAtOnce(new IllegalArgumentException("a listener's"));
        }

        assertThat(events.itself()).isSameAs(before);
    }

    @Test
    void givenALoggerThatThrowsWhatItLogs_whenAListenerThrows_thenTheNextRuns() throws Exception {
        Thread before = events.itself();

        try (Logged _ =
                Logged.by(
                        EventThread.class,
                        entry -> {
                            throw (RuntimeException) entry.getThrown();
                        })) {
            failAtOnce(new IllegalStateException("a listener's"));
        }

        assertThat(events.itself()).isSameAs(before);
    }

    @Test
    void givenAListenerThatInterruptsItself_whenTheNextRuns_thenItIsNotInterrupted()
            throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch bothWait = new CountDownLatch(1);

        events.thread()
                .execute(
                        () -> {
                            awaitQuietly(bothWait);
                            Thread.currentThread().interrupt();
                        });
        events.thread().execute(() -> interrupted.set(Thread.currentThread().isInterrupted()));
        bothWait.countDown();

        events.run(() -> assertThat(interrupted).isFalse());
    }

    @Test
    void givenTheThread_whenAsked_thenItIsNoDaemonAndNorAreItsChildren() throws Exception {
        AtomicReference<Thread> child = new AtomicReference<>();

        events.run(() -> child.set(new Thread(() -> {})));

        assertThat(events.itself().isDaemon()).isFalse();
        assertThat(events.itself().getName()).isEqualTo("cluster-events");
        assertThat(child.get().isDaemon()).isFalse();
    }

    @Test
    void givenTheThread_whenAsked_thenOnlyAListenerIsOnIt() throws Exception {
        assertThat(events.thread().isCurrent()).isFalse();
        events.run(() -> assertThat(events.thread().isCurrent()).isTrue());
    }

    @Test
    void givenListeners_whenTheyHandTheLoopSomething_thenTheFirstThingOfABatchIsDoneThere()
            throws Exception {
        List<Boolean> helps = new CopyOnWriteArrayList<>();
        Runnable asks = () -> helps.add(events.thread().helps());
        CountDownLatch bothWait = new CountDownLatch(1);

        events.thread().execute(() -> awaitQuietly(bothWait));
        events.thread().execute(asks);
        events.thread().execute(asks);
        bothWait.countDown();
        events.run(() -> {});
        events.run(asks);

        assertThat(helps).containsExactly(true, false, true);
        assertThat(events.thread().helps()).isFalse();
    }

    @Test
    void givenNobodyWhoHoldsIt_whenAllIsTold_thenTheThreadEnds() throws Exception {
        EventThread thread = new EventThread();
        CompletableFuture<Thread> first =
                CompletableFuture.supplyAsync(Thread::currentThread, thread);

        boolean ended = first.join().join(DEADLINE);
        Thread second = CompletableFuture.supplyAsync(Thread::currentThread, thread).join();

        assertThat(ended).isTrue();
        assertThat(second).isNotSameAs(first.join());
        assertThat(second.join(DEADLINE)).isTrue();
        assertThat(thread.isCurrent()).isFalse();
    }

    @Test
    void givenTwoWhoHoldIt_whenOneLetsGo_thenItStays() throws Exception {
        Thread before = events.itself();
        events.thread().hold();

        events.thread().release();

        assertThat(events.itself()).isSameAs(before);
        assertThat(before.isAlive()).isTrue();
    }

    @Test
    void givenThoseWhoHoldIt_whenItIsAbandoned_thenItEndsAndStillTellsWhatComes() throws Exception {
        EventThread thread = new EventThread();
        thread.hold();
        Thread first = CompletableFuture.supplyAsync(Thread::currentThread, thread).join();

        thread.abandon();

        assertThat(first.join(DEADLINE)).isTrue();
        thread.hold();
        Thread second = CompletableFuture.supplyAsync(Thread::currentThread, thread).join();
        assertThat(second.join(DEADLINE)).isTrue();
    }

    /** Returns when the thread has been through it. */
    private void failAtOnce(RuntimeException fault) throws Exception {
        events.thread()
                .execute(
                        () -> {
                            throw fault;
                        });
        events.run(() -> {});
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SPEC F11. A listener's fault stays there; that of what keeps account of workers does not. */
    @Test
    void givenATaskThatKeepsAccount_whenItThrows_thenThatIsTheEnd() throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        EventThread thread = new EventThread(ended::complete);

        thread.executeOrEnd(
                () -> {
                    throw new NoClassDefFoundError("dev/prefork/Gone");
                });

        assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(NoClassDefFoundError.class);
    }
}
