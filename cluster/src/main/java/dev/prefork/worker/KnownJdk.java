package dev.prefork.worker;

import dev.prefork.net.JdkInsides;

import java.io.PrintStream;
import java.util.Optional;

/** That this JVM has what sharing needs of it, before anything is done with it. */
final class KnownJdk {
    /** EX_UNAVAILABLE of {@code <sysexits.h>}. */
    static final int EXIT_CODE = 69;

    private KnownJdk() {}

    /** Of a JVM that may as well run alone: says so if it must. */
    static boolean orAlone() {
        return orAlone(JdkInsides.missing(), System.err);
    }

    static boolean orAlone(Optional<String> missing, PrintStream to) {
        missing.ifPresent(sentence -> to.println("prefork: " + sentence));
        return missing.isEmpty();
    }

    /** Of a worker, which ends if it cannot be one. */
    static void orEnd() {
        if (!orAlone()) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
