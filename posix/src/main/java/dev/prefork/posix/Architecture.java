package dev.prefork.posix;

import java.util.Locale;

/** The processors whose system call numbers and structures we know. */
enum Architecture {
    X86_64,
    AARCH64;

    static final Architecture CURRENT =
            detect(System.getProperty("os.name"), System.getProperty("os.arch"));

    static Architecture detect(String os, String arch) {
        if (os.equals("Linux")) {
            switch (arch.toLowerCase(Locale.ROOT)) {
                case "amd64", "x86_64" -> {
                    return X86_64;
                }
                case "aarch64", "arm64" -> {
                    return AARCH64;
                }
                default -> {}
            }
        }
        throw new UnsupportedOperationException(
                "Prefork runs on Linux on x86-64 and aarch64; this is " + os + " on " + arch);
    }
}
