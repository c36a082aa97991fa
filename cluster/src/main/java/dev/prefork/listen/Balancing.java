package dev.prefork.listen;

import dev.prefork.wire.ListenAddress;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who gets the connections of one address, where somebody says who knows more of fillers than this
 * room. On the loop's thread; it throws nothing.
 *
 * @param <C> a lane, as it knows it
 */
public interface Balancing<C> {
    /** No choice: then it is the free lane with the fewest. */
    int NONE = -1;

    /** What there is to know of a lane. */
    interface Facts {
        /** The number of the worker at its other end. */
        int worker();

        /** The number of its slot, if it has one. */
        OptionalInt slot();

        /** How many connections are open, if it tells. */
        OptionalInt open();

        /** Whether it may be handed a connection at once. */
        boolean isFree();

        /** Since connections may go this way. */
        Duration listeningFor();
    }

    /** Which addresses have one. */
    interface ByAddress {
        /** None. */
        ByAddress DEFAULT = _ -> Optional.empty();

        /** Empty: as {@link Chooser} does. It throws nothing. */
        Optional<Balancing<?>> of(ListenAddress address);
    }

    /** A lane is there. */
    C joins(Facts lane);

    /**
     * Chooses a lane; for a busy one the client waits.
     *
     * @param candidates at least one of them free; the same list each time, with others in it
     * @return its index, or {@link #NONE}
     */
    int choose(Client client, List<C> candidates);

    /** A filler has acknowledged a connection. */
    void taken(C by);

    /** So many connections of a filler are closed. */
    void done(C of, int connections);

    /** A lane is there no more. */
    void left(C lane);
}
