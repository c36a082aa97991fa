package dev.prefork;

/**
 * Which workers of a {@link Pool} are replaced when they end by themselves: they exit, crash, or
 * are killed by somebody else. One that a reload or {@link Pool#scale} takes away is none of them.
 */
public enum RestartPolicy {
    /**
     * The default: all but those that have done their work, and so end with exit code 0 where no
     * worker of their slot has ever listened.
     */
    UNLESS_DONE,
    /** All, as workers that make way for a fresh one after so many jobs expect. */
    ALWAYS,
    /** All but those that end with exit code 0. */
    ON_FAILURE,
    /** None. {@link Pool#ended} fails if one ended with another code than 0, or by a signal. */
    NEVER
}
