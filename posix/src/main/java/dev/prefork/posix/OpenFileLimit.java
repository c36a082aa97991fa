package dev.prefork.posix;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** RLIMIT_NOFILE, getrlimit(2): how many descriptors a process may have open. */
public final class OpenFileLimit {
    private static final String NAME = "Max open files";

    private OpenFileLimit() {}

    /**
     * The soft limit, which a JVM raises to the hard one when it starts (-XX:+MaxFDLimit).
     *
     * @return {@code Integer.MAX_VALUE} when there is none, or it cannot be read
     */
    public static int ofThisProcess() {
        try {
            return read(Files.readAllLines(Path.of("/proc/self/limits"), US_ASCII));
        } catch (IOException unreadable) {
            return Integer.MAX_VALUE;
        }
    }

    /** Of the lines of proc(5)'s limits: name, soft, hard, unit. */
    static int read(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith(NAME)) {
                String values = line.substring(NAME.length()).strip();
                String soft = values.substring(0, Math.max(0, values.indexOf(' ')));
                try {
                    return Integer.parseInt(soft);
                } catch (NumberFormatException unlimited) {
                    return Integer.MAX_VALUE;
                }
            }
        }
        return Integer.MAX_VALUE;
    }
}
