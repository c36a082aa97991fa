package dev.prefork.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Executables, found as a shell finds them. */
final class Executables {
    /** What execvp takes where there is no PATH. */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

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

    private static boolean isExecutable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
