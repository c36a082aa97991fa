package dev.prefork.budget;

/**
 * A machine, and the JVMs that share it.
 *
 * @param bytes all memory that there is
 * @param processors as many as this process may use
 * @param workers that serve
 * @param jvms how many may run at once: the workers, and those that a reload starts beside them
 * @param spares how many more have booted and wait
 */
record Budget(long bytes, int processors, int workers, int jvms, int spares) {
    /** Percent of the memory. Source: java(1), -XX:InitialRAMPercentage. */
    static final double FIRST_HEAP_OF_JAVA = 1.5625;

    private static final long MEGABYTE = 1 << 20;

    /** Prefork's own JVM. */
    private static final long PREFORK = 96 * MEGABYTE;

    private static final long SPARE = 48 * MEGABYTE;

    // What a JVM has beside its heap is a quarter of its share, within these: classes, code,
    // threads, the collector's own.
    private static final long LEAST_BESIDE = 64 * MEGABYTE;
    private static final long MOST_BESIDE = 256 * MEGABYTE;

    /** No program of any use has less, and what it has more it takes when it needs it. */
    private static final long LEAST_HEAP = 32 * MEGABYTE;

    // What java takes by itself: a quarter, but a half of the machine where that is less than
    // this. Source: java(1), -XX:MaxRAMPercentage and -XX:MinRAMPercentage.
    private static final long SMALL = 124 * MEGABYTE;

    /** Bytes of heap for each, so that all of them fit; not less than a JVM can do with. */
    long heap() {
        long share = share();
        return Math.max(LEAST_HEAP, share - Math.clamp(share / 4, LEAST_BESIDE, MOST_BESIDE));
    }

    /** Whether they fit indeed. */
    boolean isEnough() {
        return share() >= LEAST_HEAP + LEAST_BESIDE;
    }

    private long share() {
        return (bytes - PREFORK - spares * SPARE) / jvms;
    }

    /** Bytes of heap that java would take for each, as if it had the machine for itself. */
    long heapOfJavaAlone() {
        long half = bytes / 2;
        return half < SMALL ? half : Math.max(bytes / 4, SMALL);
    }

    /** Of the memory, for the heap that a worker has from the start. */
    double firstHeapPercentage() {
        return Math.min(FIRST_HEAP_OF_JAVA, 100.0 * LEAST_HEAP / bytes);
    }

    /** Whether a worker has no more than one processor for itself. */
    boolean isOneProcessorEach() {
        return processors <= workers;
    }

    long megabytes() {
        return bytes / MEGABYTE;
    }
}
