package dev.prefork.listen;

import java.time.Duration;

/**
 * How long to leave alone who has no room: not long at first, as room comes with each connection
 * that ends, and longer each time that there still is none.
 */
final class Pause {
    static final Duration SHORTEST = Duration.ofMillis(5);
    static final Duration LONGEST = Duration.ofMillis(40);

    private Duration next = SHORTEST;

    /** There is no room, perhaps again. */
    Duration next() {
        Duration current = next;
        Duration doubled = current.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return current;
    }

    /** There was room. */
    void over() {
        next = SHORTEST;
    }
}
