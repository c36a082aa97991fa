package dev.prefork.it.support;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a {@link Program} is started with.
 *
 * @param words the executable and its arguments
 * @param environment added to the environment of the tests
 */
public record Command(List<String> words, Map<String, String> environment) {
    private static final List<String> EVERY_JVM =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    // Whatever the locale of who runs the tests.
                    "-Dstdout.encoding=UTF-8",
                    "-Dstderr.encoding=UTF-8");

    /** Of a JVM that a test starts; its workers have it from it. */
    private static final List<String> OF_PROGRAMS =
            List.of("-Xmx128m", "--enable-native-access=ALL-UNNAMED");

    /** Of prefork's own JVM, as its launcher has it. */
    private static final List<String> PREFORKS_HEAP = List.of("-Xms16m", "-Xmx96m");

    private static final Path PREFORK =
            Path.of(System.getProperty("prefork.jar", "../cli/target/prefork.jar"))
                    .toAbsolutePath()
                    .normalize();

    public Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    public static Command of(String executable, String... arguments) {
        return new Command(
                Stream.concat(Stream.of(executable), Arrays.stream(arguments)).toList(), Map.of());
    }

    /** A main class of the tests in a JVM of its own, with the class path of the tests. */
    public static Command java(Class<?> main, Object... arguments) {
        List<String> words = new ArrayList<>();
        words.add(javaExecutable());
        words.addAll(EVERY_JVM);
        words.addAll(OF_PROGRAMS);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        Arrays.stream(arguments).map(String::valueOf).forEach(words::add);
        return new Command(words, Map.of());
    }

    /** The command that users have, in its one jar; this is run in the module's folder. */
    public static Command prefork(Object... arguments) {
        List<String> words = new ArrayList<>(OfPrefork.WORDS);
        Arrays.stream(arguments).map(String::valueOf).forEach(words::add);
        return new Command(words, Map.of());
    }

    /** Found out when it is needed for the first time: what is made for it takes some seconds. */
    private static final class OfPrefork {
        static final List<String> WORDS = words();

        private OfPrefork() {}

        private static List<String> words() {
            List<String> words = new ArrayList<>();
            words.add(javaExecutable());
            words.addAll(EVERY_JVM);
            words.addAll(PREFORKS_HEAP);
            words.addAll(OwnClassData.OPTIONS);
            words.addAll(List.of("-jar", PREFORK.toString()));
            WorkersClassData.make(words);
            return words;
        }
    }

    /** The jar that is the command. */
    public static Path preforkJar() {
        return PREFORK;
    }

    /** The java that runs the tests. */
    public static String javaExecutable() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** This command with one more variable. */
    public Command with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new Command(words, more);
    }
}
