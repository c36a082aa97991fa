package dev.prefork.balance;

import dev.prefork.Balancer;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * The same worker for the same client address: rendezvous hashing. Each candidate has a number for
 * the client, at random and for ever the same; who has the lowest by weight gets it. So a candidate
 * more or less moves nobody from one of the others to another.
 *
 * <p>While a worker of a slot is being replaced both have the same number: the older one has the
 * clients until it leaves.
 */
public final class Sticky implements Balancer {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** 2 to the power of −53: such steps a double has between 0.5 and 1. */
    private static final double STEP = 0x1p-53;

    private final Balancer withoutAddress = new LeastConnections();

    @Override
    public Candidate choose(Connection connection, List<Candidate> candidates) {
        Optional<InetSocketAddress> peer = connection.peer();
        if (peer.isEmpty()) {
            return withoutAddress.choose(connection, candidates);
        }
        long client = hash(peer.get().getAddress().getAddress());
        Candidate lowest = candidates.getFirst();
        double least = Double.POSITIVE_INFINITY;
        for (Candidate candidate : candidates) {
            double number = number(client, candidate);
            if (number < least) {
                lowest = candidate;
                least = number;
            }
        }
        return lowest;
    }

    /** Exponentially distributed, with the weight as its rate: the lowest is each by its weight. */
    private static double number(long client, Candidate candidate) {
        long mixed = mix(client ^ mix(place(candidate)));
        double uniform = ((mixed >>> 11) + 0.5) * STEP;
        return -Math.log(uniform) / candidate.weight();
    }

    /** Slots and workers are both numbered. */
    private static long place(Candidate candidate) {
        return candidate.slot().isPresent()
                ? candidate.slot().getAsInt()
                : ~(long) candidate.worker().id();
    }

    private static long hash(byte[] bytes) {
        long hash = FNV_OFFSET;
        for (byte each : bytes) {
            hash = (hash ^ (each & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    /** The last step of SplitMix64: each bit of what it is given changes half of the others. */
    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    @Override
    public void left(Candidate candidate) {
        withoutAddress.left(candidate);
    }
}
