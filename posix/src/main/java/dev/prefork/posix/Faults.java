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

    @SuppressWarnings("NonFinalStaticField") // a test's
    private static volatile Hook hook;

    private Faults() {}

    static int before(String call) {
        Hook installed = hook;
        return installed == null ? 0 : installed.before(call);
    }

    static void install(Hook installed) {
        hook = installed;
    }

    static void uninstall() {
        hook = null;
    }
}
