package dev.prefork.launch;

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
        String value = System.getenv(VARIABLE);
        return value == null ? workerId - 1 : parse(value);
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
