package dev.prefork.balance;

import dev.prefork.Balancer.Candidate;

import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * Which part of its weight a worker has that began to listen not long ago: it grows with the time,
 * from a tenth, without which it would not warm up at all.
 *
 * @param time to its full weight
 */
public record Warming(Duration time) implements ToDoubleFunction<Candidate> {
    static final double SMALLEST = 0.1;

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException when the time is not over 0
     */
    public Warming {
        if (!time.isPositive()) {
            throw new IllegalArgumentException("time=" + time);
        }
    }

    @Override
    public double applyAsDouble(Candidate candidate) {
        double part = (double) candidate.listeningFor().toNanos() / time.toNanos();
        return Math.clamp(part, SMALLEST, 1);
    }
}
