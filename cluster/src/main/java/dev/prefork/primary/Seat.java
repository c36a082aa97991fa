package dev.prefork.primary;

import dev.prefork.launch.Place;
import dev.prefork.listen.SlotListeners;

import java.util.Optional;

/** What a new worker takes: a place in a slot, or one that is nobody's after it. */
record Seat(SlotListeners listeners, Optional<Occupants> occupants) {
    /** In a slot. */
    Seat(SlotListeners listeners, Occupants occupants) {
        this(listeners, Optional.of(occupants));
    }

    /** In no slot: it promises no successor. */
    static Seat single() {
        return new Seat(new SlotListeners(false), Optional.empty());
    }

    Place place() {
        return occupants
                .map(others -> others.isEmpty() ? Place.EMPTY_SLOT : Place.OCCUPIED_SLOT)
                .orElse(Place.NONE);
    }
}
