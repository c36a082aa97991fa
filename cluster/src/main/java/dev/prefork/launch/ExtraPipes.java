package dev.prefork.launch;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a worker learns which of its descriptors are pipes to the primary: a variable that is ours,
 * not Node's. Without it no descriptor above 2 is known to be safe to touch.
 */
public final class ExtraPipes {
    public static final String VARIABLE = "PREFORK_PIPES";

    private ExtraPipes() {}

    /** Such as {@code 4,5}. */
    static String write(List<Integer> descriptors) {
        return descriptors.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /**
     * The contrary of {@link #write}.
     *
     * @throws NumberFormatException when it is something else
     */
    public static List<Integer> read(String value) {
        return Arrays.stream(value.split(",", -1)).map(Integer::valueOf).toList();
    }
}
