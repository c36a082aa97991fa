package dev.prefork.listen;

import dev.prefork.posix.Fd;

import java.time.Duration;
import java.util.Optional;

/** Who of those that wait goes which way: a part of {@link RoundRobin}. */
sealed interface Matching permits InOrder, Balanced {
    /** A free lane for which there is a connection now; {@link #take} is next. */
    Optional<FedLane> next();

    /** The connection for the lane that {@link #next} has named; the caller's from now on. */
    Fd take();

    /** It was not taken, and waits again before all others. */
    void returned(Fd connection);

    /**
     * While connections wait though a lane is free: when to ask again at the latest, whatever else
     * happens.
     */
    default Optional<Duration> asksAgainIn() {
        return Optional.empty();
    }

    /** Connections may go this way. */
    default void joins(FedLane lane) {}

    /** Its filler has acknowledged a connection. */
    default void taken(FedLane lane) {}

    /** So many connections of its filler are closed. */
    default void done(FedLane lane, int connections) {}

    /** None go this way any more. */
    default void leaves(FedLane lane) {}

    /** Who waits here is dropped. */
    default void close() {}
}
