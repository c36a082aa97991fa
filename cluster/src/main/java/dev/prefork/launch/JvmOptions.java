package dev.prefork.launch;

import dev.prefork.ClusterSettings;
import dev.prefork.posix.CString;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * All options that a JVM will have, from wherever it reads them; only to find something in them.
 *
 * @param inTools those of the variable JAVA_TOOL_OPTIONS, which the JVM reads before all others
 * @param inLauncher those of JDK_JAVA_OPTIONS, which the java launcher puts before its own words
 * @param others those of the command line and, last, of _JAVA_OPTIONS
 */
record JvmOptions(List<String> inTools, List<String> inLauncher, List<String> others) {
    static final String TOOLS = "JAVA_TOOL_OPTIONS";
    static final String LAUNCHER = "JDK_JAVA_OPTIONS";
    static final String LAST = "_JAVA_OPTIONS";

    private static final String MORE_IN = "-XX:VMOptionsFile=";

    /**
     * Of a JVM that is to be started.
     *
     * @param words of its command line
     * @param environment gives its variables, null for one that it has not
     * @param directory in which it is started: files are named from there
     */
    static JvmOptions of(List<String> words, UnaryOperator<String> environment, Path directory) {
        return new JvmOptions(
                variable(environment, TOOLS, directory).toList(),
                variable(environment, LAUNCHER, directory).toList(),
                Stream.concat(
                                words.stream().flatMap(word -> expanded(word, directory)),
                                variable(environment, LAST, directory))
                        .toList());
    }

    /**
     * Of a standalone worker that is to be started, but for ours.
     *
     * @param more variables that it gets beside those of this process
     * @param environment of this process; what it keeps from its own JVM is the workers'
     */
    static JvmOptions ofWorker(
            ClusterSettings settings, Map<String, String> more, Map<CString, CString> environment) {
        Map<CString, CString> variables = new HashMap<>(environment);
        KeptVariables.giveBack(variables);
        more.forEach(
                (name, value) ->
                        variables.put(
                                NativeText.OURS.toSystem(name), NativeText.OURS.toSystem(value)));
        return of(
                settings.execArgv().orElse(List.of()),
                name ->
                        Optional.ofNullable(variables.get(CString.of(name)))
                                .map(value -> NativeText.OURS.decode(value.bytes()))
                                .orElse(null),
                settings.cwd().orElse(Path.of("")));
    }

    private static Stream<String> variable(
            UnaryOperator<String> environment, String name, Path directory) {
        return Stream.ofNullable(environment.apply(name))
                .flatMap(text -> OptionWords.of(text).stream())
                .flatMap(word -> expanded(word, directory));
    }

    /** A file's words in place of the word that names it. They name no other file. */
    private static Stream<String> expanded(String word, Path directory) {
        String file =
                word.startsWith(MORE_IN)
                        ? word.substring(MORE_IN.length())
                        : word.startsWith("@") && !word.startsWith("@@") ? word.substring(1) : "";
        return file.isEmpty()
                ? Stream.of(word)
                : read(file, directory).map(OptionWords::of).orElse(List.of(word)).stream();
    }

    private static Optional<String> read(String file, Path directory) {
        try {
            return Optional.of(NativeText.OURS.decode(Files.readAllBytes(directory.resolve(file))));
        } catch (IOException | InvalidPathException unreadable) {
            // The launcher will say so.
            return Optional.empty();
        }
    }

    Stream<String> all() {
        return Stream.of(inTools, inLauncher, others).flatMap(List::stream);
    }
}
