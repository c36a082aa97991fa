package dev.prefork.supervise.simulation;

import java.util.Arrays;
import java.util.Collections;
import java.util.random.RandomGenerator;

/**
 * Something that happens, as it is kept: what it means depends on the world that it happens to, so
 * that any step can be left out of a history and the rest still is one.
 *
 * @param choice of a process, an address or a time; of as many as there are at that moment
 */
record Step(Kind kind, int choice) {
    /** What can happen, and how often it does beside the others. */
    enum Kind {
        IS_ONLINE(8),
        LISTENS(14),
        CLOSES(2),
        FINISHES(1),
        FAILS(2),
        IS_KILLED(2),
        LOSES_ITS_CHANNEL(1),
        /** It does what it was told: its channel closes, or it ends. */
        OBEYS(14),
        IS_STOPPED(1),
        GOES_ON(2),
        /** The next timer is over. */
        TIMER(12),
        /** Up to ten seconds pass, and whatever was due by then happened. */
        TIME(4),
        RELOAD(3),
        ONE_MORE(1),
        ONE_FEWER(1),
        OTHER_REQUEST(1),
        /** The next process cannot be started. */
        NO_FORK(1),
        STOP(1);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    private static final Kind[] WEIGHTED = weighted();

    private static Kind[] weighted() {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> Collections.nCopies(kind.weight, kind).stream())
                .toArray(Kind[]::new);
    }

    static Step random(RandomGenerator random) {
        return new Step(
                WEIGHTED[random.nextInt(WEIGHTED.length)], random.nextInt(Integer.MAX_VALUE));
    }

    /** One of so many, which must be some. */
    int of(int many) {
        return choice % many;
    }

    String address() {
        return World.ADDRESSES.get(of(World.ADDRESSES.size()));
    }
}
