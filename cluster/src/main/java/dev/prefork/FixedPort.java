package dev.prefork;

import java.util.function.IntSupplier;

/** An inspectPort that is always the same: compares and prints as the number it is. */
record FixedPort(int getAsInt) implements IntSupplier {
    @Override
    public String toString() {
        return String.valueOf(getAsInt);
    }
}
