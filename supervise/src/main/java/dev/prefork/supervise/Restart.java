package dev.prefork.supervise;

/** Which of those that end by themselves are replaced. */
public enum Restart {
    /**
     * All but those that have done their work: they end with code 0 where nobody has ever listened.
     */
    UNLESS_DONE,
    /** All. */
    ALWAYS,
    /** All but those that end with code 0. */
    ON_FAILURE,
    /** None. */
    NEVER;

    /**
     * Whether one is that has ended so.
     *
     * @param hasListened it, or another one in its place
     */
    boolean replaces(End end, boolean hasListened) {
        return switch (this) {
            case UNLESS_DONE -> hasListened || !end.isSuccess();
            case ALWAYS -> true;
            case ON_FAILURE -> !end.isSuccess();
            case NEVER -> false;
        };
    }
}
