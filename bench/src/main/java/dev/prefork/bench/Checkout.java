package dev.prefork.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A checkout of ours: this one, or another, which its own command builds as ours does. */
record Checkout(Path folder) {
    /** The checkout cannot be used; the message says what to do. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    /** The one whose build runs here. */
    static Checkout ofThisBuild() {
        Path jar = JavaSide.ours(System.getProperty("java.class.path")).toAbsolutePath();
        return Stream.iterate(jar, Path::getParent)
                .takeWhile(Objects::nonNull)
                .filter(folder -> Files.isExecutable(folder.resolve("bench/compare")))
                .findFirst()
                .map(Checkout::new)
                .orElseThrow();
    }

    /** The full name of its commit, or {@code unknown}. */
    String commit() throws InterruptedException {
        return git("rev-parse", "HEAD")
                .filter(name -> name.matches("\\p{XDigit}{40,}"))
                .orElse("unknown");
    }

    /** Whether something is changed, but for what is written here about measurements. */
    boolean isDirty() throws InterruptedException {
        return git("status", "--porcelain", "--", ".", ":!bench/results", ":!docs/performance*")
                .filter(changes -> !changes.isEmpty())
                .isPresent();
    }

    private Optional<String> git(String... words) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(Arrays.asList(words));
        return Tool.answer(command);
    }

    Path results() {
        return folder.resolve("bench/results");
    }

    /** The page about its speed. */
    Path page() {
        return folder.resolve("docs/performance.md");
    }

    /** For class data that no other run has made. */
    Path cache() {
        return folder.resolve("bench/target/cache");
    }

    /**
     * Builds what is missing or out of date there: the command does that before it lists the
     * examples.
     */
    void build() throws IOException, InterruptedException, UnusableException {
        Path command = folder.resolve("prefork");
        if (!Files.isExecutable(command)) {
            throw new UnusableException(
                    folder + " is no checkout of ours: it has no command " + command.getFileName());
        }
        Process build =
                new ProcessBuilder(command.toString(), "example")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        if (build.waitFor() != 0) {
            throw new UnusableException(
                    command + " example ends with " + build.exitValue() + "; it must build first");
        }
    }

    /** The jar that is its command. */
    Path prefork() throws IOException {
        Path build = folder.resolve("target/builds/current");
        // The archive of its classes, beside it, is for the jar of this name only.
        return Files.exists(build)
                ? build.toRealPath().resolve("prefork.jar")
                : folder.resolve("cli/target/fast/prefork.jar");
    }

    /** That of its command: the jars of its fast build. */
    String classPath() throws IOException, UnusableException {
        Path examples = folder.resolve("examples/target/fast");
        List<Path> jars = new ArrayList<>();
        jars.add(examples.resolve("prefork-examples.jar"));
        jars.add(folder.resolve("bench/target/fast/prefork-bench.jar"));
        for (Path jar : jars) {
            if (!Files.isRegularFile(jar)) {
                throw new UnusableException(
                        jar
                                + " is missing: run "
                                + folder.resolve("prefork")
                                + " example, and if that does not make it, the checkout is too old"
                                + " to be compared");
            }
        }
        try (DirectoryStream<Path> libraries =
                Files.newDirectoryStream(examples.resolve("lib"), "*.jar")) {
            libraries.forEach(jars::add);
        }
        return String.join(
                File.pathSeparator,
                jars.stream().map(jar -> jar.toAbsolutePath().toString()).toList());
    }
}
