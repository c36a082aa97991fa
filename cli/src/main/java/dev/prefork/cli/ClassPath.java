package dev.prefork.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** A class path as java takes it: folders, jars, and {@code folder/*} for all jars of a folder. */
record ClassPath(String text) {
    private static final String ALL_JARS = "/*";

    /** The one given, else that of the environment, else the working directory. */
    static ClassPath of(Optional<String> given) {
        return new ClassPath(
                given.or(() -> Optional.ofNullable(System.getenv("CLASSPATH"))).orElse("."));
    }

    boolean hasClass(String name) {
        String file = name.replace('.', '/') + ".class";
        return Stream.of(text.split(File.pathSeparator))
                .flatMap(ClassPath::expand)
                .anyMatch(entry -> hasFile(entry, file));
    }

    private static Stream<Path> expand(String entry) {
        if (!entry.equals("*") && !entry.endsWith(ALL_JARS)) {
            return Stream.of(Path.of(entry));
        }
        Path folder = Path.of(entry.substring(0, entry.length() - 1));
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> jars = files.filter(ClassPath::isJar).toList();
            return jars.stream();
        } catch (IOException unreadable) {
            return Stream.of();
        }
    }

    private static boolean isJar(Path file) {
        return file.toString().endsWith(".jar") || file.toString().endsWith(".JAR");
    }

    private static boolean hasFile(Path entry, String file) {
        if (Files.isDirectory(entry)) {
            return Files.exists(entry.resolve(file));
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            return jar.getEntry(file) != null;
        } catch (IOException noJar) {
            return false;
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
