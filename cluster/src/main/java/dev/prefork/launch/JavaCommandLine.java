package dev.prefork.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A command line of {@code java}, taken apart.
 *
 * <p>Read from /proc/self/cmdline, which alone is exact: RuntimeMXBean repeats JDK_JAVA_OPTIONS and
 * omits the class path, ProcessHandle loses long options, sun.java.command loses quoting.
 *
 * @param options of the JVM, without those of {@code pathOptions}
 * @param pathOptions the module path and what belongs to it, which a worker always needs; the class
 *     path is not among them
 * @param kind how the program is named
 * @param program main class, jar, module[/class] or source file
 * @param arguments of the program
 */
record JavaCommandLine(
        List<String> options,
        List<String> pathOptions,
        Kind kind,
        String program,
        List<String> arguments) {

    /** How a java command line names its program. */
    enum Kind {
        CLASS,
        JAR,
        MODULE,
        SOURCE;

        /** What a user means by {@code exec}. A file that is an archive inside is a jar. */
        static Kind of(String program) {
            return of(program, program);
        }

        /**
         * What java takes it for.
         *
         * @param file where it is if it is a file
         */
        static Kind of(String program, String file) {
            if (program.endsWith(".java")) {
                return SOURCE;
            } else if (program.endsWith(".jar") || ProgramJar.isArchive(file)) {
                return JAR;
            }
            if (!program.contains("/")) {
                return CLASS;
            }
            // A file without a name of these is what --source is for.
            return ProgramJar.isFile(file) ? SOURCE : MODULE;
        }
    }

    /** Options of the java launcher whose value is the next argument. Source: java(1) of JDK 25. */
    private static final Set<String> TAKE_A_VALUE =
            Set.of(
                    "--add-modules",
                    "--enable-native-access",
                    "--illegal-native-access",
                    "--sun-misc-unsafe-memory-access",
                    "--illegal-final-field-mutation",
                    "--enable-final-field-mutation",
                    "--limit-modules",
                    "--add-exports",
                    "--add-opens",
                    "--add-reads",
                    "--patch-module",
                    "--finalization",
                    "--describe-module",
                    "-d",
                    "--source");

    private static final Set<String> CLASS_PATH = Set.of("-cp", "-classpath", "--class-path");
    private static final Set<String> MODULE_PATH =
            Set.of("-p", "--module-path", "--upgrade-module-path");
    private static final Set<String> MODULE = Set.of("-m", "--module");

    /**
     * Of this process; empty when it was not started by the java launcher in a way that we
     * understand.
     */
    static Optional<JavaCommandLine> ofThisProcess() {
        try {
            return of(Files.readSymbolicLink(Path.of("/proc/self/exe")), wordsOfThisProcess())
                    .filter(line -> line.isWhatRuns(System.getProperty("sun.java.command", "")));
        } catch (IOException withoutProc) {
            return Optional.empty();
        }
    }

    /** All words of the command line, whatever it means; none where they cannot be read. */
    static List<String> wordsOfThisProcess() {
        try {
            return words(Files.readAllBytes(Path.of("/proc/self/cmdline")));
        } catch (IOException withoutProc) {
            return List.of();
        }
    }

    /**
     * Of a process.
     *
     * @param executable the file that it runs. What is not {@code java}, such as an application's
     *     own launcher or a program that has a JVM in it, gives its words a meaning of its own
     * @param words of its command line
     */
    static Optional<JavaCommandLine> of(Path executable, List<String> words) {
        String name = executable.getFileName().toString();
        // The kernel's addition when the file was replaced by a newer one.
        boolean isJava = name.equals("java") || name.equals("java (deleted)");
        return isJava && !words.isEmpty()
                ? Argfiles.expand(words.subList(1, words.size())).flatMap(JavaCommandLine::parse)
                : Optional.empty();
    }

    /**
     * Whether the JVM agrees: an {@code @argfile} may be another one than it was.
     *
     * @param command the program and its arguments, as the JVM has them; empty when it does not say
     */
    boolean isWhatRuns(String command) {
        // A source file's program is the compiler; what is not ASCII is not the same to the JVM.
        return command.isEmpty()
                || kind == Kind.SOURCE
                || !StandardCharsets.US_ASCII.newEncoder().canEncode(program)
                || command.equals(program)
                || command.startsWith(program + " ");
    }

    /** Whether these options name a class path: of several java takes the last. */
    static boolean nameClassPath(List<String> options) {
        return options.stream()
                .anyMatch(word -> CLASS_PATH.contains(word) || word.startsWith("--class-path="));
    }

    /** The words, each with a NUL after it. */
    static List<String> words(byte[] bytes) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                words.add(NativeText.OURS.decode(Arrays.copyOfRange(bytes, start, i)));
                start = i + 1;
            }
        }
        return words;
    }

    /**
     * Takes the words after the executable apart; empty when they name no program. An
     * {@code @argfile} is an option like others here, see {@link Argfiles}.
     */
    static Optional<JavaCommandLine> parse(List<String> words) {
        List<String> options = new ArrayList<>();
        List<String> pathOptions = new ArrayList<>();
        boolean source = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String name =
                    word.startsWith("--") && word.contains("=")
                            ? word.substring(0, word.indexOf('='))
                            : word;
            boolean valueFollows = name.equals(word) && i + 1 < words.size();
            source |= name.equals("--source");
            if (word.equals("-jar") && valueFollows) {
                return program(options, pathOptions, Kind.JAR, words, i + 1);
            } else if (MODULE.contains(name) && (valueFollows || !name.equals(word))) {
                return valueFollows
                        ? program(options, pathOptions, Kind.MODULE, words, i + 1)
                        : Optional.of(
                                new JavaCommandLine(
                                        options,
                                        pathOptions,
                                        Kind.MODULE,
                                        word.substring(name.length() + 1),
                                        List.copyOf(words.subList(i + 1, words.size()))));
            } else if (!word.startsWith("-") && !word.startsWith("@")) {
                Kind kind = source || word.endsWith(".java") ? Kind.SOURCE : Kind.CLASS;
                return program(options, pathOptions, kind, words, i);
            }
            List<String> kept = MODULE_PATH.contains(name) ? pathOptions : options;
            boolean takesNext =
                    valueFollows
                            && (TAKE_A_VALUE.contains(name)
                                    || MODULE_PATH.contains(name)
                                    || CLASS_PATH.contains(name));
            if (!CLASS_PATH.contains(name)) {
                kept.add(word);
                if (takesNext) {
                    kept.add(words.get(i + 1));
                }
            }
            i += takesNext ? 1 : 0;
        }
        return Optional.empty();
    }

    private static Optional<JavaCommandLine> program(
            List<String> options, List<String> pathOptions, Kind kind, List<String> words, int at) {
        List<String> arguments = List.copyOf(words.subList(at + 1, words.size()));
        return Optional.of(
                new JavaCommandLine(options, pathOptions, kind, words.get(at), arguments));
    }
}
