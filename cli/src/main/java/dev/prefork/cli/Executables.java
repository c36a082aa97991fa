package dev.prefork.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Executables, found as a shell finds them. */
final class Executables {
    /** What execvp takes where there is no PATH. */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private static final Pattern RUNTIME =
            Pattern.compile("(^|/)(java|node|nodejs|deno|bun)[\\d.-]*$");

    private Executables() {}

    /** Whether there is such a file, or for a plain name one on the PATH. */
    static boolean exists(String command) {
        if (command.contains("/")) {
            return isExecutable(Path.of(command));
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse(DEFAULT_PATH);
        return Stream.of(path.split(File.pathSeparator))
                .anyMatch(folder -> isExecutable(Path.of(folder, command)));
    }

    /**
     * Whether it is known to run a program itself: as a process of Node does, which is a worker by
     * Node's own variables, or as java does, whose user wants nothing shared.
     */
    static boolean isRuntime(String command) {
        return RUNTIME.matcher(command).find();
    }

    private static boolean isExecutable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
