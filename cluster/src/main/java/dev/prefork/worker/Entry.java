package dev.prefork.worker;

/** Who starts the runtime, and so what keeps the JVM running. */
enum Entry {
    /** The program itself, at its first use of the cluster: a thread of ours does. */
    PROGRAM,
    /** {@link WorkerMain}, which stays until the channel ends, as with PROGRAM. */
    MAIN,
    /** {@link WorkerAgent}: the program's own threads, as without us. */
    AGENT,
    /** {@link Joining}: the same, at the first listen of a program below a wrapper. */
    JOINING;

    /** Whether the program knows nothing of us. */
    boolean isAgent() {
        return this == AGENT || this == JOINING;
    }
}
