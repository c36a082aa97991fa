package dev.prefork;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What settings must be. Each check returns what it was given, copied where that can change, or
 * throws an IllegalArgumentException that names the setting and its value.
 */
final class SettingsChecks {
    private static final Set<String> STDIO_WORDS = Set.of("pipe", "inherit", "ignore", "ipc");

    private SettingsChecks() {}

    /** Whatever else it is. */
    static <T> T given(String name, T value) {
        return Objects.requireNonNull(value, () -> name + " is null");
    }

    static List<String> noNul(String name, List<String> values) {
        given(name, values).forEach(value -> noNul("an element of " + name, value));
        return List.copyOf(values);
    }

    /** C's strings end there. */
    static String noNul(String name, String value) {
        if (given(name, value).indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    name + " contains NUL: " + value.replace("\0", "\\0"));
        }
        return value;
    }

    static int within(String name, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(
                    name + "=" + value + ": it must be from 0 to " + max);
        }
        return value;
    }

    static List<Object> stdio(List<?> descriptors) {
        if (given("stdio", descriptors).stream().filter("ipc"::equals).count() != 1) {
            throw new IllegalArgumentException(
                    "stdio=" + descriptors + ": it must contain \"ipc\" exactly once");
        }
        for (Object descriptor : descriptors) {
            if (!(descriptor instanceof String word && STDIO_WORDS.contains(word))
                    && !(descriptor instanceof Integer number && number >= 0)) {
                throw new IllegalArgumentException(
                        "stdio="
                                + descriptors
                                + ": "
                                + descriptor
                                + " is none of pipe, inherit, ignore, ipc or the number of a"
                                + " descriptor");
            }
        }
        return List.copyOf(descriptors);
    }

    static Duration stopTimeout(Duration hooksMayTake) {
        if (given("stopTimeout", hooksMayTake).toMillis() < 1) {
            throw new IllegalArgumentException("stopTimeout=" + hooksMayTake);
        }
        return hooksMayTake;
    }
}
