package dev.prefork.drive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.supervise.End;
import dev.prefork.supervise.Event;
import dev.prefork.supervise.Limits;
import dev.prefork.supervise.Notice;
import dev.prefork.supervise.Restart;
import dev.prefork.supervise.Status;
import dev.prefork.supervise.Who;
import dev.prefork.supervise.WorkerEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** What is done with workers, by doubles that do it at once. */
@Timeout(60)
class DriverTest {
    private static final Limits LIMITS =
            new Limits(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1));

    /** A fault of ours, which the process does not survive. */
    private static final class Broken extends Error {
        private Broken(Throwable cause) {
            super(cause);
        }
    }

    /** Each worker serves at once, and ends at the first word or signal. */
    private static final class Doubles implements Workers {
        final List<String> asked = new CopyOnWriteArrayList<>();
        final Deque<Throwable> faults = new ArrayDeque<>();
        Listener listener;
        private int lastId;

        @Override
        public void listen(Listener told) {
            listener = told;
        }

        @Override
        public Started fork(int slot, int generation) {
            asked.add("fork in " + slot);
            switch (faults.poll()) {
                case null -> {}
                case RuntimeException refused -> throw refused;
                case Error broken -> throw broken;
                case Throwable other -> throw new AssertionError(other);
            }
            int id = ++lastId;
            listener.happened(id, new WorkerEvent.Listening("*:80"));
            return new Started(id, 100 + id);
        }

        @Override
        public void keepOnly(int generation) {
            asked.add("keep " + generation);
        }

        @Override
        public void leave(int id) {
            asked.add("leave " + id);
            listener.happened(id, new WorkerEvent.Disconnected());
            listener.happened(id, new WorkerEvent.Exited(new End.Code(0), List.of()));
        }

        @Override
        public void signal(int id, String name) {
            asked.add(name + " " + id);
            listener.happened(id, new WorkerEvent.Exited(new End.Signal(name), List.of()));
        }

        @Override
        public void settle(int slot) {
            asked.add("settle " + slot);
        }

        @Override
        public void takeNoMore() {
            asked.add("take no more");
        }

        @Override
        public void close(int slot) {
            asked.add("close " + slot);
        }
    }

    private final Doubles workers = new Doubles();
    private final List<Notice> notices = new CopyOnWriteArrayList<>();
    private final List<Status> statuses = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Throwable> fault = new CompletableFuture<>();

    private final Driver driver =
            new Driver(
                    LIMITS,
                    1,
                    Restart.UNLESS_DONE,
                    workers,
                    new Driver.Onlooker() {
                        @Override
                        public void told(Notice notice) {
                            notices.add(notice);
                            if (notice instanceof Notice.Serving) {
                                driver().ask(Event.Request.STOP);
                            }
                        }

                        @Override
                        public void is(Status status) {
                            statuses.add(status);
                        }

                        @Override
                        public void suspend() {
                            throw new AssertionError("nobody asked for it");
                        }

                        @Override
                        public void broken(Throwable cause) {
                            fault.complete(cause);
                            throw new Broken(cause);
                        }
                    });

    private Driver driver() {
        return driver;
    }

    @Test
    void givenTwoWorkers_whenTheyServeAndAreStopped_thenAllIsDoneInOrder() {
        assertThat(driver.run(2, () -> {})).isZero();

        assertThat(workers.asked)
                .containsExactly(
                        "fork in 0",
                        "fork in 1",
                        "close 0",
                        "close 1",
                        "take no more",
                        "leave 1",
                        "leave 2");
        assertThat(notices).endsWith(new Notice.Stopped());
        assertThat(statuses.getLast().slots()).isEmpty();
    }

    @Test
    void givenADriver_whenAskedToLeaveTwice_thenTheWorkersAreNotKilled() {
        assertThat(
                        driver.run(
                                2,
                                () -> {
                                    driver.leave();
                                    driver.leave();
                                }))
                .isZero();

        assertThat(workers.asked).contains("leave 1", "leave 2").doesNotContain("SIGKILL 1");
    }

    @Test
    void givenADriver_whenItIsScaled_thenWhatComesAfterSeesIt() {
        List<Integer> seen = new ArrayList<>();

        driver.run(
                1,
                () -> {
                    driver.scale(3);
                    driver.then(() -> seen.add(statuses.getLast().desired()));
                    driver.scale(2);
                    driver.then(() -> seen.add(statuses.getLast().desired()));
                    driver.leave();
                });

        assertThat(seen).containsExactly(3, 2);
    }

    /** Who has more to tell than there is room for must not wait for ever. */
    @Test
    void givenADriverThatIsOver_whenMuchHappens_thenNobodyWaits() {
        assertThat(driver.run(1, () -> {})).isZero();

        for (int i = 0; i < 20_000; i++) {
            driver.happened(1, new WorkerEvent.Online());
        }
    }

    @Test
    void givenAForkThatFailsForAnyReason_whenTriedAgain_thenItGoesOn() {
        workers.faults.add(new UncheckedIOException("cannot read x.jar", new IOException()));

        assertThat(driver.run(1, () -> {})).isZero();

        assertThat(notices)
                .contains(
                        new Notice.WorkerDied(
                                new Who(0, 0, 0),
                                new End.NotStarted("cannot read x.jar"),
                                Duration.ZERO));
        assertThat(workers.asked).filteredOn(what -> what.startsWith("fork")).hasSize(2);
    }

    @Test
    void givenAFaultOfOurs_whenItEndsTheDriver_thenItIsToldAsTheEnd() throws Exception {
        workers.faults.add(new NoClassDefFoundError("Gone"));

        runUntilBroken();

        assertThat(fault.get(10, TimeUnit.SECONDS)).isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void givenAnEventThatIsLost_whenItIsTold_thenItIsTheEnd() throws Exception {
        IllegalStateException lost = new IllegalStateException("lost");
        Thread.ofPlatform()
                .uncaughtExceptionHandler((_, _) -> {})
                .start(() -> driver.broken(lost))
                .join();

        assertThat(fault.get(10, TimeUnit.SECONDS)).isSameAs(lost);
    }

    private void runUntilBroken() {
        try {
            driver.run(1, () -> {});
        } catch (Broken asItShouldBe) {
            return;
        }
        throw new AssertionError("it went on");
    }
}
