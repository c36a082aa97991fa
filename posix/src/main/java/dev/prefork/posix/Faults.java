package dev.prefork.posix;

/**
 * Where a test makes the kernel or the C library fail. In production it is a constant false that
 * the compiler removes.
 */
final class Faults {
    /** Asked before each call. */
    @FunctionalInterface
    interface Hook {
        /** The error number that the call fails with instead of being made, or 0. */
        int before(String call);
    }

    static final boolean ENABLED = Boolean.getBoolean("dev.prefork.posix.faults");

    private static final Hook NONE = call -> 0;

    @SuppressWarnings("NonFinalStaticField") // a test's
    private static volatile Hook hook = NONE;

    private Faults() {}

    static int before(String call) {
        return hook.before(call);
    }

    static void install(Hook installed) {
        hook = installed;
    }

    static void uninstall() {
        hook = NONE;
    }
}
