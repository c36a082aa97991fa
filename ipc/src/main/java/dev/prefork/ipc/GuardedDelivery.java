package dev.prefork.ipc;

import java.util.Optional;
import java.util.function.Consumer;

/** Tells a sender what became of its message, and keeps what it throws from the channel. */
record GuardedDelivery(Delivery delivery, Consumer<Throwable> faults) implements Delivery {
    @Override
    public void done(Optional<Exception> failure) {
        try {
            delivery.done(failure);
        } catch (Throwable fault) {
            faults.accept(fault);
        }
    }

    @Override
    public void handleLost() {
        try {
            delivery.handleLost();
        } catch (Throwable fault) {
            faults.accept(fault);
        }
    }
}
