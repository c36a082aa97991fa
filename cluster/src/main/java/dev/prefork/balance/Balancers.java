package dev.prefork.balance;

import dev.prefork.Balancer;
import dev.prefork.ListeningAddress;
import dev.prefork.Worker;
import dev.prefork.listen.Balancing;
import dev.prefork.wire.ListenAddress;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Which balancer each address has. The loop has the one with the fewest connections in itself: for
 * that nobody is asked.
 */
public final class Balancers implements Balancing.ByAddress {
    private final IntFunction<Worker> workers;
    private final Complaint complaint =
            new Complaint("cannot find out the balancer of an address: it has the default");

    /** Set by any thread. */
    private volatile Function<ListeningAddress, Balancer> wanted = _ -> new LeastConnections();

    /**
     * The default for all.
     *
     * @param workers those that are connected, by their ids
     */
    public Balancers(IntFunction<Worker> workers) {
        this.workers = workers;
    }

    /** For addresses that are opened from now on. Any thread. */
    public void set(Function<ListeningAddress, Balancer> byAddress) {
        wanted = Objects.requireNonNull(byAddress, "byAddress is null");
    }

    @Override
    public Optional<Balancing<?>> of(ListenAddress address) {
        Balancer balancer;
        try {
            balancer = Objects.requireNonNull(wanted.apply(address.described()));
        } catch (Throwable fault) {
            complaint.tell(fault);
            return Optional.empty();
        }
        return balancer instanceof LeastConnections
                ? Optional.empty()
                : Optional.of(
                        new GuardedBalancer(
                                balancer,
                                workers,
                                new Complaint(
                                        "a balancer has failed: the free worker with the fewest"
                                                + " connections gets them address="
                                                + address)));
    }
}
