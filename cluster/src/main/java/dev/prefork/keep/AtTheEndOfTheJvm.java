package dev.prefork.keep;

/** Something that is done while the JVM ends, unless it has been cancelled before. */
final class AtTheEndOfTheJvm {
    private final Thread hook;

    private AtTheEndOfTheJvm(Thread hook) {
        this.hook = hook;
    }

    static AtTheEndOfTheJvm run(String name, Runnable task) {
        AtTheEndOfTheJvm end = new AtTheEndOfTheJvm(Thread.ofPlatform().name(name).unstarted(task));
        try {
            Runtime.getRuntime().addShutdownHook(end.hook);
        } catch (IllegalStateException endHasBegun) {
            // What begins in a hook is for that to end.
        }
        return end;
    }

    void cancel() {
        try {
            var _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endHasBegun) {
            // It has run, or runs.
        }
    }
}
