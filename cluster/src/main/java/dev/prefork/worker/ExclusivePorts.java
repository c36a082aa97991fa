package dev.prefork.worker;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The ports that each worker has for itself, for programs that are not to be changed: a port of
 * metrics or of a debugger, say. 0 in the list means that each listen on port 0 has a port of its
 * own.
 */
final class ExclusivePorts {
    /** A system property: numbers with commas between them. */
    static final String PROPERTY = "dev.prefork.exclusive";

    private static final Set<Integer> PORTS = parse(System.getProperty(PROPERTY, ""));

    private ExclusivePorts() {}

    static boolean contain(int port) {
        return PORTS.contains(port);
    }

    static Set<Integer> parse(String list) {
        try {
            return Arrays.stream(list.split(",", -1))
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .map(Integer::valueOf)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(PROPERTY + "=" + list + ": " + e.getMessage(), e);
        }
    }
}
