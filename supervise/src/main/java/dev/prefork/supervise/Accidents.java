package dev.prefork.supervise;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Deaths of workers that served. Each is replaced at once, however many there are (SPEC F14); but
 * who looks after the program should hear of a request that kills a worker a minute.
 */
final class Accidents {
    /** So many are none. */
    static final int TOO_MANY = 7;

    static final Duration WITHIN = Duration.ofMinutes(5);

    private final Map<End, Integer> ends = new HashMap<>();
    private int count;

    /** Whether the time begins with the next one. */
    boolean isEmpty() {
        return count == 0;
    }

    /** Returns what there is to tell. */
    Optional<Notice> died(End end) {
        count++;
        ends.merge(end, 1, Integer::sum);
        return count == TOO_MANY
                ? Optional.of(new Notice.DieOften(count, WITHIN, mostFrequent()))
                : Optional.empty();
    }

    private End mostFrequent() {
        return ends.entrySet().stream()
                .max(Comparator.comparingInt(Map.Entry::getValue))
                .orElseThrow()
                .getKey();
    }

    /** The time is over. */
    void forget() {
        ends.clear();
        count = 0;
    }
}
