package dev.prefork.balance;

import dev.prefork.Balancer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Each in turn: with equal weights the one whose turn was longest ago, else as many turns as the
 * weights say.
 *
 * <p>Start-time fair queueing: a turn takes a candidate forward by 1/weight on a clock that goes
 * with the turns, and whoever is farthest behind is next. Who was busy meanwhile is not given the
 * turns that it has missed, nor a newcomer those before its time.
 */
public final class Turns implements Balancer {
    /** How far a candidate has come, and the number of its last turn. */
    private record Turn(double reached, long number) {}

    private final Map<Candidate, Turn> last = new HashMap<>();
    private double now;
    private long turns;

    @Override
    public Candidate choose(Connection connection, List<Candidate> candidates) {
        return next(candidates, _ -> 0);
    }

    /** Whose turn it is among those with the least load, the free before all others. */
    Candidate next(List<Candidate> candidates, ToDoubleFunction<Candidate> load) {
        Candidate first = null;
        boolean free = false;
        double least = 0;
        for (Candidate candidate : candidates) {
            boolean isFree = candidate.isFree();
            double its = load.applyAsDouble(candidate);
            if (first == null || goesBefore(candidate, isFree, its, first, free, least)) {
                first = candidate;
                free = isFree;
                least = its;
            }
        }
        hasItsTurn(first);
        return first;
    }

    private boolean goesBefore(
            Candidate one,
            boolean isFree,
            double load,
            Candidate other,
            boolean otherIsFree,
            double otherLoad) {
        if (isFree != otherIsFree) {
            return isFree;
        }
        return load == otherLoad ? goesBefore(turn(one), turn(other)) : load < otherLoad;
    }

    private static boolean goesBefore(Turn one, Turn other) {
        return one.reached == other.reached
                ? one.number < other.number
                : one.reached < other.reached;
    }

    private Turn turn(Candidate candidate) {
        Turn turn = last.get(candidate);
        return turn == null ? new Turn(now, 0) : turn;
    }

    private void hasItsTurn(Candidate candidate) {
        now = Math.max(now, turn(candidate).reached);
        last.put(candidate, new Turn(now + 1 / candidate.weight(), ++turns));
    }

    @Override
    public void left(Candidate candidate) {
        last.remove(candidate);
    }
}
