package dev.prefork.primary;

import dev.prefork.launch.Place;
import dev.prefork.listen.SlotListeners;

import java.util.Optional;
import java.util.OptionalInt;

/** What a new worker takes: a place in a slot, or one that is nobody's after it. */
record Seat(OptionalInt slot, SlotListeners listeners, Optional<Occupants> occupants) {
    /** In a slot. */
    Seat(int slot, SlotListeners listeners, Occupants occupants) {
        this(OptionalInt.of(slot), listeners, Optional.of(occupants));
    }

    /** In no slot: it promises no successor. */
    static Seat single() {
        return new Seat(OptionalInt.empty(), new SlotListeners(false), Optional.empty());
    }

    Place place() {
        return occupants
                .map(others -> others.isEmpty() ? Place.EMPTY_SLOT : Place.OCCUPIED_SLOT)
                .orElse(Place.NONE);
    }
}
