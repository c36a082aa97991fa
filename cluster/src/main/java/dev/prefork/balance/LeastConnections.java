package dev.prefork.balance;

import dev.prefork.Balancer;

import java.util.List;

/**
 * The free one with the fewest open connections by weight, and among those the one whose turn it
 * is. As the balancer of an address it is {@link Balancers} who knows a better way to do it.
 */
public final class LeastConnections implements Balancer {
    private final Turns turns = new Turns();

    @Override
    public Candidate choose(Connection connection, List<Candidate> candidates) {
        boolean allTell = true;
        for (Candidate candidate : candidates) {
            allTell &= candidate.connections().isPresent();
        }
        return allTell
                ? turns.next(candidates, LeastConnections::load)
                : turns.choose(connection, candidates);
    }

    private static double load(Candidate candidate) {
        return candidate.connections().orElseThrow() / candidate.weight();
    }

    @Override
    public void left(Candidate candidate) {
        turns.left(candidate);
    }
}
