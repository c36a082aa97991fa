package dev.prefork.primary;

import dev.prefork.ClusterSettings;
import dev.prefork.Slot;
import dev.prefork.Worker;
import dev.prefork.listen.SlotListeners;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** A slot as the application in the primary has it. */
final class NumberedSlot implements Slot {
    private static final String VARIABLE = dev.prefork.launch.Slot.VARIABLE;

    private final int number;
    private final Primary primary;
    private final SlotListeners listeners;
    private final Occupants occupants = new Occupants();
    private volatile boolean closed;

    NumberedSlot(int number, Primary primary) {
        this.number = number;
        this.primary = primary;
        this.listeners = new SlotListeners(number);
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public Worker fork(Map<String, String> environment) {
        return fork(ClusterSettings.empty(), environment);
    }

    @Override
    public Worker fork(ClusterSettings settings, Map<String, String> environment) {
        if (closed) {
            throw new IllegalStateException(
                    "slot " + number + " is closed; Prefork.slot(" + number + ") opens it anew");
        }
        Map<String, String> variables =
                new HashMap<>(Objects.requireNonNull(environment, "environment is null"));
        variables.putIfAbsent(VARIABLE, String.valueOf(number));
        return primary.fork(settings, variables, new Seat(number, listeners, occupants));
    }

    @Override
    public void settle() {
        primary.settle(listeners);
    }

    @Override
    public void close() {
        closed = true;
        primary.close(this, listeners);
    }
}
