package dev.prefork.end;

/**
 * Something that is done while the JVM ends, unless it is cancelled before. Safe for any thread.
 */
public final class AtTheEndOfTheJvm {
    private final Thread hook;

    private AtTheEndOfTheJvm(Thread hook) {
        this.hook = hook;
    }

    /**
     * Prepares it; without effect where the JVM's end has begun: what begins in a shutdown hook is
     * for that to end.
     *
     * @param name of the thread
     */
    public static AtTheEndOfTheJvm run(String name, Runnable task) {
        AtTheEndOfTheJvm end = new AtTheEndOfTheJvm(Thread.ofPlatform().name(name).unstarted(task));
        try {
            Runtime.getRuntime().addShutdownHook(end.hook);
        } catch (IllegalStateException endHasBegun) {
            // As said.
        }
        return end;
    }

    /** Without effect once the end has begun. */
    public void cancel() {
        try {
            var _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endHasBegun) {
            // It has run, or runs.
        }
    }
}
