package dev.prefork;

import dev.prefork.balance.LeastConnections;
import dev.prefork.balance.Reweighed;
import dev.prefork.balance.Sticky;
import dev.prefork.balance.Turns;
import dev.prefork.balance.Warming;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

/**
 * Which worker gets a connection, under {@link SchedulingPolicy#ROUND_ROBIN}: one for each address,
 * given by {@link Prefork#balancers}. Node has one for all, {@link #roundRobin()}.
 *
 * <p>Called on the thread {@code cluster-loop}, or seldom on {@code cluster-events} in its place,
 * one call at a time: while one runs, no connection is accepted, and no message read. It must not
 * block. What it throws is logged as a warning, once for an address, and the connection goes to the
 * free worker with the fewest; the same if it names no candidate. {@link Cluster#fork}, {@link
 * WorkerProcess#kill} and what else waits for this thread throws IllegalStateException here.
 */
@FunctionalInterface
public interface Balancer {
    /** A connection that no worker has yet. */
    interface Connection {
        /**
         * The client's address: a system call when asked for the first time, in {@link #choose}
         * only. Empty for a Unix socket, and when the client has gone.
         */
        Optional<InetSocketAddress> peer();
    }

    /** A worker that listens on the address: the same object from then until {@link #left}. */
    interface Candidate {
        /** Who listens. */
        Worker worker();

        /** The number of its {@link Slot}; empty if it was forked without one. */
        OptionalInt slot();

        /**
         * How many connections of this address it has open, as far as it has told: it tells within
         * 10 ms. Empty for workers in Node, which do not tell.
         */
        OptionalInt connections();

        /** Since it began to listen on this address. */
        Duration listeningFor();

        /**
         * Whether it has acknowledged its last connection. For one that has not, the connection
         * that it is named for waits, 500 ms at most; then only those that are free are candidates.
         */
        boolean isFree();

        /**
         * How large its part is to be beside those of the others: over 0, and 1 unless {@link
         * #weighted} or {@link #slowStart} says otherwise.
         */
        default double weight() {
            return 1;
        }
    }

    /**
     * Names one of the candidates. Asked when at least one of them is free; again for a connection
     * that was not taken, or has waited for a worker that did not become free.
     *
     * @param candidates never empty, in the order in which they began to listen; without those that
     *     react no more, or for which as many wait as may. Valid during the call
     */
    Candidate choose(Connection connection, List<Candidate> candidates);

    /** The worker has acknowledged a connection. */
    default void taken(Candidate by) {}

    /**
     * The worker has closed connections. Not told of workers in Node.
     *
     * @param connections how many, over 0
     */
    default void done(Candidate of, int connections) {}

    /** No candidate any more; nothing more is told of it. */
    default void left(Candidate candidate) {}

    /**
     * The free one with the fewest open connections by weight, and among those the one whose turn
     * it is; {@link #roundRobin()} where one of them does not tell how many it has. The default:
     * there, a busy one with fewer is waited for, a tenth of the time at most; inside of another
     * balancer it is not.
     */
    static Balancer leastConnections() {
        return new LeastConnections();
    }

    /** The free one whose turn was longest ago, or by weight as many turns for each. */
    static Balancer roundRobin() {
        return new Turns();
    }

    /**
     * The same worker for the same client address, whatever its port: a consistent hash of it, over
     * the slots of the workers, and the workers that have none. Whoever follows in a slot gets the
     * same clients; a worker more or less moves its own clients only. Weights are observed. Without
     * a client address, as for Unix sockets: {@link #leastConnections()}.
     */
    static Balancer sticky() {
        return new Sticky();
    }

    /**
     * Another one, with weights: with {@link #roundRobin()} a worker of weight 2 gets twice as many
     * connections as one of weight 1.
     *
     * @param weights asked for each choice; over 0 and finite, else IllegalArgumentException there.
     *     They multiply those that there are
     * @param among to which {@link Candidate#weight} matters, as it does to all that are here
     */
    static Balancer weighted(ToDoubleFunction<Worker> weights, Balancer among) {
        Objects.requireNonNull(weights, "weights is null");
        return new Reweighed(among, candidate -> weights.applyAsDouble(candidate.worker()));
    }

    /**
     * Another one, where the weight of a worker grows from a tenth to all of it while it is new, as
     * a JVM is slow at first.
     *
     * @param time from the begin of its listening to its full weight; over 0
     * @param among as in {@link #weighted}
     * @throws IllegalArgumentException when the time is not over 0
     */
    static Balancer slowStart(Duration time, Balancer among) {
        return new Reweighed(among, new Warming(time));
    }
}
