package dev.prefork.it.settings;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints what a test waits for. */
final class Say {
    private Say() {}

    /** One line of output. Optionals are printed as what they hold. */
    static void line(Object... words) {
        System.out.println(
                Arrays.stream(words)
                        .map(word -> word instanceof Optional<?> it ? it.orElse(null) : word)
                        .map(String::valueOf)
                        .collect(Collectors.joining(" ")));
    }
}
