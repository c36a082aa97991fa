package dev.prefork.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The options of the java launcher, as far as one must know how many words each is. */
final class JavaOptions {
    static final Set<String> CLASS_PATH = Set.of("-cp", "-classpath", "--class-path");
    static final Set<String> MODULE_PATH = Set.of("-p", "--module-path");
    static final Set<String> UPGRADE_MODULE_PATH = Set.of("--upgrade-module-path");
    static final Set<String> SOURCE = Set.of("--source");

    /** Their value is the next word, or follows an equals sign. Source: java(1) of JDK 25. */
    private static final Set<String> TAKE_A_VALUE =
            Set.of(
                    "-p",
                    "--module-path",
                    "--upgrade-module-path",
                    "--source",
                    "--add-modules",
                    "--limit-modules",
                    "--add-exports",
                    "--add-opens",
                    "--add-reads",
                    "--patch-module",
                    "--enable-native-access",
                    "--illegal-native-access",
                    "--sun-misc-unsafe-memory-access",
                    "--enable-final-field-mutation",
                    "--illegal-final-field-mutation",
                    "--finalization");

    /** Of one word, which begins so. */
    private static final List<String> BEGINNINGS =
            List.of(
                    "-D",
                    "-X",
                    "-ea",
                    "-da",
                    "-esa",
                    "-dsa",
                    "-enable",
                    "-disable",
                    "-agentlib:",
                    "-agentpath:",
                    "-javaagent:",
                    "-verbose");

    /** Of one word, which is this. */
    private static final Set<String> WORDS =
            Set.of("--enable-preview", "--disable-@files", "-server", "-client", "-showversion");

    private static final List<String> BRING_CLASSES =
            List.of(
                    "-Xbootclasspath/a:",
                    "-javaagent:",
                    "--patch-module",
                    "-Djava.class.path=",
                    "-Djava.system.class.loader=");

    private JavaOptions() {}

    /** Whether the next word is the value of this one. */
    static boolean takesTheNext(String word) {
        return TAKE_A_VALUE.contains(word);
    }

    /** Whether the word is an option of the JVM; its value, if any, comes after it. */
    static boolean isOne(String word) {
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        return TAKE_A_VALUE.contains(equals < 0 ? word : word.substring(0, equals))
                || WORDS.contains(word)
                || BEGINNINGS.stream().anyMatch(word::startsWith);
    }

    /** Whether classes may come from elsewhere than the class path. */
    static boolean bringClasses(List<String> options) {
        return options.stream()
                .anyMatch(option -> BRING_CLASSES.stream().anyMatch(option::startsWith));
    }

    /** The value of the last option with one of these names. */
    static Optional<String> value(List<String> options, Set<String> names) {
        Optional<String> last = Optional.empty();
        for (int i = 0; i < options.size(); i++) {
            String word = options.get(i);
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            if (equals >= 0 && names.contains(word.substring(0, equals))) {
                last = Optional.of(word.substring(equals + 1));
            } else if (names.contains(word) && i + 1 < options.size()) {
                last = Optional.of(options.get(++i));
            }
        }
        return last;
    }
}
