package dev.prefork.listen;

import dev.prefork.wire.ClusterLink;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What fills a slot, as this room knows it: a link, and the lanes that it is still leaving. */
public final class Filler {
    private final int worker;
    private final String name;
    private final SlotListeners slot;
    private final ClusterLink link;
    private final Set<Lane> leaving = new LinkedHashSet<>();
    private boolean channelClosed;
    private boolean processEnded;

    /**
     * Fills the slot from now on.
     *
     * @param worker its number, as those outside know it
     * @param name for the log
     */
    public Filler(int worker, String name, SlotListeners slot, ClusterLink link) {
        this.worker = worker;
        this.name = name;
        this.slot = slot;
        this.link = link;
    }

    int worker() {
        return worker;
    }

    SlotListeners slot() {
        return slot;
    }

    ClusterLink link() {
        return link;
    }

    /** A lane that it leaves, and on which a connection is under way. */
    void leaves(Lane lane) {
        leaving.add(lane);
    }

    /** The lane is closed, nothing is under way on it. */
    void hasLeft(Lane lane) {
        leaving.remove(lane);
    }

    void channelClosed() {
        channelClosed = true;
        List.copyOf(leaving).forEach(Lane::channelClosed);
        tellIfGone();
    }

    void processEnded() {
        processEnded = true;
        tellIfGone();
    }

    /**
     * Only both together say that nobody is left who could take a connection: the process may be a
     * script that has started the one at the other end of the channel.
     */
    private void tellIfGone() {
        if (channelClosed && processEnded) {
            List.copyOf(leaving).forEach(Lane::fillerGone);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
