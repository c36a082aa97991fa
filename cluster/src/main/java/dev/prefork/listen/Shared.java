package dev.prefork.listen;

import dev.prefork.ipc.Handle;

/**
 * SCHED_NONE: the workers share the listening socket and accept from it themselves; the operating
 * system decides. A datagram socket is always shared so: it has no connections that could be handed
 * out.
 */
final class Shared implements Spread {
    private final SharedLane lane;

    /** Whether the socket's queue is to be empty in the end. */
    private boolean drains;

    private Shared(SharedLane lane) {
        this.lane = lane;
    }

    static Shared ofConnections(ListenSocket socket) {
        return new Shared(new SharedLane(socket, Handle.NET_NATIVE));
    }

    static Shared ofDatagrams(ListenSocket socket) {
        return new Shared(new SharedLane(socket, Handle.DGRAM_NATIVE));
    }

    @Override
    public Lane open(Filler filler, boolean mayHandOff) {
        return lane;
    }

    @Override
    public void begin(Lane opened) {
        // It accepts from now on; nothing of ours is in the path.
    }

    @Override
    public void end(Lane left) {
        // As above.
    }

    @Override
    public void takeNoMore() {
        drains = lane.socket().takeNoMore(false);
    }

    @Override
    public boolean takeAgain() {
        return lane.socket().takeAgain();
    }

    /** Its fillers accept what is in its queue. */
    @Override
    public boolean isAtRest() {
        return !drains || lane.socket().isQueueEmpty();
    }

    @Override
    public void close() {
        // The socket is the handle's.
    }
}
