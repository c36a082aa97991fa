package dev.prefork.listen;

import dev.prefork.AddressType;
import dev.prefork.SchedulingPolicy;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.PosixException;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer;

/** Which {@link Spread} an address has that is opened, by the policy and what it is. */
record Spreads(
        EventLoop loop,
        SchedulingPolicy policy,
        Balancing.ByAddress balancings,
        HandoffRoom room,
        Shortage shortage) {

    /** The socket for it, or the first of several. */
    ListenSocket socket(QueryServer query) throws PosixException {
        return hasSeveral(query)
                ? ListenSocket.openFirst(query.address(), query.wishes())
                : ListenSocket.open(query.address(), query.wishes());
    }

    /** Of that socket, which stays the caller's. */
    Spread spread(QueryServer query, ListenSocket socket) throws PosixException {
        String key = query.key();
        if (query.address().isUdp()) {
            return hasSeveral(query)
                    ? new SlotDatagrams(loop::schedule, key, socket, query.wishes())
                    : Shared.ofDatagrams(socket);
        } else if (query.own()) {
            return new Succession(loop, room, shortage, key, socket);
        }
        return switch (policy) {
            case ROUND_ROBIN ->
                    new RoundRobin(
                            loop, room, shortage, key, socket, balancings.of(query.address()));
            case NONE -> Shared.ofConnections(socket);
            case REUSE_PORT ->
                    hasSeveral(query)
                            ? new ReusePort(loop, room, shortage, key, socket, query.wishes())
                            : Shared.ofConnections(socket);
        };
    }

    /**
     * Whether each slot can have a socket of its own there. Who shares the port with others anyway
     * has one: the kernel counts theirs among ours. So have groups that several programs join: each
     * socket would get a copy.
     */
    private boolean hasSeveral(QueryServer query) {
        ListenAddress address = query.address();
        return policy == SchedulingPolicy.REUSE_PORT
                && !query.own()
                && !query.wishes().reuseAddress()
                && !address.isDescriptor()
                && address.type() != AddressType.UNIX;
    }
}
