package dev.prefork.it.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.DescriptorLimit;
import dev.prefork.it.support.Descriptors;
import dev.prefork.it.support.Signals;

import org.awaitility.core.ConditionTimeoutException;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Random acts against a prefork that serves, by a seed. The same seed brings the same acts in the
 * same order; at what moment they meet what the processes do is the machine's.
 */
final class Storm {
    static final int WORKERS = 3;

    private static final int FEWEST = 1;
    static final int MOST = 5;
    private static final int PAUSE_MILLIS = 600;
    private static final int STOP_MILLIS = 3_000;
    private static final int FREE_DESCRIPTORS = 2;

    /** Two reloads of all workers, on a busy machine. */
    private static final Duration CALM = Duration.ofMinutes(5);

    private final Fleet fleet;
    private final StormOutput output;
    private final Load load;
    private final Random random;
    private final List<StormAccounts.Done> acts = new ArrayList<>();
    private final Set<Integer> killed = new TreeSet<>();
    private final Set<Integer> ended = new TreeSet<>();
    private final Set<Integer> limited = new HashSet<>();
    private final Timers timers = new Timers();
    private int wished = WORKERS;

    Storm(Fleet fleet, StormOutput output, Load load, long seed) {
        this.fleet = fleet;
        this.output = output;
        this.load = load;
        this.random = new Random(seed);
    }

    /** So long; then all that was begun has ended. */
    void rage(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            StormAct act = StormAct.at(random.nextInt(StormAct.weights()));
            // Drawn always, so that the next acts do not depend on who lives.
            int chosen = random.nextInt(1 << 20);
            if (act == StormAct.KILL || act == StormAct.TERM) {
                awaitAnswer();
            }
            doIt(act, chosen);
            timers.pause(random.nextInt(PAUSE_MILLIS));
        }
        timers.awaitLast();
    }

    /** Somebody serves, however slow the machine is: nobody is asked to outrun those who kill. */
    private void awaitAnswer() throws InterruptedException {
        int before = load.tally().answers();
        long end = System.nanoTime() + Fleet.DEADLINE.toNanos();
        while (load.tally().answers() == before) {
            if (System.nanoTime() > end) {
                throw new AssertionError("nobody serves for " + Fleet.DEADLINE);
            }
            timers.pause(10);
        }
    }

    private void doIt(StormAct act, int chosen) {
        List<Integer> workers = fleet.workers();
        switch (act) {
            case HUP -> {
                did(act, 0);
                fleet.reload();
            }
            case TTIN -> wish(act, wished + 1);
            case TTOU -> wish(act, wished - 1);
            case READ_NOTHING -> {
                did(act, 0);
                output.pause(Duration.ofSeconds(2));
            }
            case FEW_OF_PREFORK -> {
                did(act, 0);
                limit(fleet.primary());
            }
            case KILL, TERM, STOP, FEW_OF_WORKER -> {
                if (!workers.isEmpty()) {
                    int pid = workers.get(chosen % workers.size());
                    did(act, pid);
                    toWorker(act, pid, chosen);
                }
            }
        }
    }

    private void did(StormAct act, int pid) {
        acts.add(new StormAccounts.Done(System.nanoTime(), act, pid, said().size()));
    }

    private List<String> said() {
        return fleet.program().lines().stream()
                .filter(line -> line.startsWith("prefork: "))
                .toList();
    }

    private void wish(StormAct act, int count) {
        if (count >= FEWEST && count <= MOST) {
            wished = count;
            did(act, 0);
            fleet.program().signal(act.name());
        }
    }

    private void toWorker(StormAct act, int pid, int chosen) {
        switch (act) {
            case KILL -> {
                killed.add(pid);
                send("KILL", pid);
            }
            case TERM -> {
                ended.add(pid);
                send("TERM", pid);
            }
            case STOP -> {
                send("STOP", pid);
                timers.later(chosen % STOP_MILLIS, () -> send("CONT", pid));
            }
            case FEW_OF_WORKER -> limit(pid);
            case HUP, TTIN, TTOU, FEW_OF_PREFORK, READ_NOTHING ->
                    throw new IllegalArgumentException(act.name());
        }
    }

    private static void send(String signal, int pid) {
        var _ =
                ifRunning(
                        pid,
                        () -> {
                            Signals.send(signal, pid);
                            return pid;
                        });
    }

    private void limit(int pid) {
        if (limited.contains(pid)) {
            return; // What it had before is not what it has now.
        }
        Optional<DescriptorLimit> limit =
                ifRunning(
                        pid,
                        () -> {
                            try {
                                return DescriptorLimit.of(pid, FREE_DESCRIPTORS);
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        });
        if (limit.isPresent()) {
            limited.add(pid);
            timers.later(1_000, () -> lift(pid, limit.get()));
        }
    }

    private void lift(int pid, DescriptorLimit limit) {
        limited.remove(pid);
        var _ =
                ifRunning(
                        pid,
                        () -> {
                            try {
                                limit.close();
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                            return pid;
                        });
    }

    /** It may go by itself meanwhile. */
    private static <T> Optional<T> ifRunning(int pid, Supplier<T> deed) {
        try {
            return Signals.isRunning(pid) ? Optional.of(deed.get()) : Optional.empty();
        } catch (AssertionError e) {
            if (Signals.isRunning(pid)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** As many workers as were asked for; {@link #WORKERS} in the end. */
    void calm() throws InterruptedException {
        awaitAll(asked());
        while (asked() != WORKERS) {
            int before = asked();
            fleet.program().signal(before < WORKERS ? "TTIN" : "TTOU");
            await().atMost(Fleet.DEADLINE).until(() -> asked() != before);
        }
        awaitAll(WORKERS);
    }

    /** By what prefork has said: two signals that are sent at once may arrive as one. */
    private int asked() {
        int asked = WORKERS;
        for (String line : said()) {
            if (line.startsWith("prefork: one worker more: ")) {
                asked++;
            } else if (line.startsWith("prefork: one worker fewer: ")) {
                asked--;
            }
        }
        return asked;
    }

    /** That many, the same for a while, and each of them answers: reloads that go on have ended. */
    private void awaitAll(int count) throws InterruptedException {
        try {
            await().atMost(CALM)
                    .pollInterval(Duration.ofMillis(100))
                    .during(Duration.ofSeconds(3))
                    .until(() -> fleet.workers().size() == count);
        } catch (ConditionTimeoutException e) {
            List<String> said = said();
            throw new AssertionError(
                    "not %d workers after %s: pids %s; last said:%n%s"
                            .formatted(
                                    count,
                                    CALM,
                                    fleet.workers(),
                                    String.join(
                                            "\n",
                                            said.subList(
                                                    Math.max(0, said.size() - 20), said.size()))),
                    e);
        }
        load.tally().awaitAnswersOf(fleet.workers());
    }

    /** Opened is answered and in hand. */
    StormAccounts accounts(Stage stage) throws Exception {
        Tally tally = load.end();
        Set<Integer> gone = new HashSet<>(killed);
        gone.addAll(ended);
        return new StormAccounts(acts, said(), stage.losses(tally, gone));
    }

    /** Those that prefork has open, without what a JVM opens whenever it likes. */
    static int descriptors(Fleet fleet) {
        return (int)
                Descriptors.of(fleet.primary()).stream()
                        .filter(descriptor -> !descriptor.contains("eventpoll"))
                        .count();
    }

    static void assertNothingLeaked(Fleet fleet, int before) {
        await("descriptors of prefork")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(descriptors(fleet)).isLessThanOrEqualTo(before));
    }
}
