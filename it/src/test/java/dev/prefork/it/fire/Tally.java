package dev.prefork.it.fire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** What became of many requests; who waits for answers waits here. */
final class Tally {
    private static final long BUCKET_NANOS = 100_000;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<Boolean, Map<Outcome, Integer>> counts = new HashMap<>();
    private final Map<Integer, Integer> answersByPid = new HashMap<>();
    private final int[] latencies = new int[(int) (DEADLINE.toNanos() / BUCKET_NANOS)];
    private final List<Asked> failures = new ArrayList<>();
    private final List<Asked> late = new ArrayList<>();
    private Optional<Asked> last = Optional.empty();

    synchronized void add(Asked asked) {
        counts.computeIfAbsent(asked.isKept(), kept -> new EnumMap<>(Outcome.class))
                .merge(asked.outcome(), 1, Integer::sum);
        if (asked.isAnswered()) {
            answersByPid.merge(asked.pid(), 1, Integer::sum);
            latencies[(int) Math.min(asked.nanos() / BUCKET_NANOS, latencies.length - 1)]++;
            last = Optional.of(asked);
        } else {
            failures.add(asked);
        }
        if (asked.nanos() > LATE_NANOS) {
            late.add(asked);
        }
        notifyAll();
    }

    synchronized int count(boolean isKept, Outcome outcome) {
        return counts.getOrDefault(isKept, Map.of()).getOrDefault(outcome, 0);
    }

    synchronized int count(boolean isKept) {
        return counts.getOrDefault(isKept, Map.of()).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    synchronized int count() {
        return count(false) + count(true);
    }

    synchronized List<Asked> failures() {
        return List.copyOf(failures);
    }

    /** Those that took more than a second, whatever came of them. */
    synchronized List<Asked> late(boolean isKept) {
        return late.stream().filter(asked -> asked.isKept() == isKept).toList();
    }

    /** The time in which so great a part of all answers came. */
    synchronized Duration percentile(double part) {
        long all = 0;
        for (int count : latencies) {
            all += count;
        }
        long seen = 0;
        int bucket = 0;
        while (bucket < latencies.length - 1 && seen + latencies[bucket] < all * part) {
            seen += latencies[bucket++];
        }
        return Duration.ofNanos((bucket + 1) * BUCKET_NANOS);
    }

    synchronized int answers() {
        return answersByPid.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized boolean hasAnsweredBy(int pid) {
        return answersByPid.containsKey(pid);
    }

    /** Waits for so many answers from now on. */
    synchronized void awaitAnswers(int more) throws InterruptedException {
        int enough = answers() + more;
        await(more + " answers", () -> answers() >= enough);
    }

    /** Waits until there were so many in all, whatever came of them. */
    synchronized void awaitCount(int all) throws InterruptedException {
        await(all + " requests", () -> count() >= all);
    }

    /** Waits until each of these has answered from now on. */
    synchronized void awaitAnswersOf(Collection<Integer> pids) throws InterruptedException {
        Map<Integer, Integer> before = Map.copyOf(answersByPid);
        await(
                "answers of " + pids,
                () ->
                        pids.stream()
                                .allMatch(
                                        pid ->
                                                answersByPid.getOrDefault(pid, 0)
                                                        > before.getOrDefault(pid, 0)));
    }

    /** Waits for an answer of somebody else; when it came, by System.nanoTime(). */
    synchronized long awaitAnswerOfOthers(Set<Integer> pids) throws InterruptedException {
        return awaitAnswer(asked -> !pids.contains(asked.pid()));
    }

    /** Waits for such an answer among those from now on. */
    private synchronized long awaitAnswer(Predicate<Asked> isWanted) throws InterruptedException {
        await("an answer", () -> last.filter(isWanted).isPresent());
        return last.orElseThrow().endedAt();
    }

    private synchronized void await(String what, BooleanSupplier isMet)
            throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!isMet.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("no " + what + " after " + DEADLINE + "; " + this);
            }
            wait(left);
        }
    }

    @Override
    public synchronized String toString() {
        return "new " + counts.get(false) + ", kept " + counts.get(true);
    }
}
