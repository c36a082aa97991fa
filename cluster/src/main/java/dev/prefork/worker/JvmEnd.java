package dev.prefork.worker;

/** Whether this JVM runs its shutdown hooks, one of which may close the program's servers. */
final class JvmEnd {
    private static final Thread NO_HOOK = Thread.ofPlatform().unstarted(() -> {});

    private JvmEnd() {}

    static boolean hasBegun() {
        try {
            var _ = Runtime.getRuntime().removeShutdownHook(NO_HOOK);
            return false;
        } catch (IllegalStateException shuttingDown) {
            return true;
        }
    }
}
