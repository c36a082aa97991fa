package dev.prefork.launch;

import dev.prefork.posix.Environment;

import java.util.OptionalInt;

/**
 * The number of a worker's place, from 0, which its successor has after it. In a variable that the
 * program may read as well; a worker that is not given one goes by its id, which is never used
 * again.
 */
public final class Slot {
    public static final String VARIABLE = "PREFORK_SLOT";

    private Slot() {}

    /**
     * Of this process, the worker with this id.
     *
     * @throws IllegalArgumentException that names the variable, when it is no such number
     */
    public static int ofThisProcess(int workerId) {
        return Environment.get(VARIABLE).map(Slot::parse).orElse(workerId - 1);
    }

    /** That which this process was given; empty if it was given none. */
    public static OptionalInt named() {
        return Environment.get(VARIABLE)
                .map(value -> OptionalInt.of(parse(value)))
                .orElseGet(OptionalInt::empty);
    }

    /** The contrary of String.valueOf. */
    static int parse(String value) {
        try {
            int slot = Integer.parseInt(value);
            if (slot >= 0) {
                return slot;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw new IllegalArgumentException(
                VARIABLE + "=" + value + ": a worker's slot is a number from 0");
    }
}
