package dev.prefork.listen;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Something that happens in a {@link Simulation}; nothing, where it cannot.
 *
 * @param number which worker, how many, how long: the kind has its own use for it
 */
record Step(Kind kind, int number) {
    /** What happens, and how often beside the others. */
    enum Kind {
        JOIN(6),
        LISTEN(12),
        CONNECT(24),
        CLOSE_SERVER(2),
        CLOSE_SERVER_AT_ITS_END(2),
        TOLD_TO_LEAVE(2),
        CHANNEL_CLOSES(3),
        PROCESS_ENDS(3),
        STALL(3),
        RESUME(4),
        TAKE(5),
        REFUSE(2),
        HOLD(3),
        ANSWER(6),
        SAY_CLOSED(4),
        SETTLE_SLOT(1),
        TIME_PASSES(8),
        CALL_FAILS(5),
        LOOP_TURNS(8);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    private static final List<Kind> WEIGHTED =
            Stream.of(Kind.values())
                    .flatMap(kind -> Stream.generate(() -> kind).limit(kind.weight))
                    .toList();

    static Step any(RandomGenerator random) {
        return new Step(WEIGHTED.get(random.nextInt(WEIGHTED.size())), random.nextInt(1000));
    }

    @Override
    public String toString() {
        return kind + "(" + number + ")";
    }
}
