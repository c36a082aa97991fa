package dev.prefork.cli;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
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
        if (ClassLoader.getPlatformClassLoader().getResource(file) != null) {
            return true;
        }
        Set<Path> seen = new HashSet<>();
        return Stream.of(text.split(File.pathSeparator))
                .flatMap(ClassPath::expand)
                .anyMatch(entry -> hasFile(entry, file, seen));
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

    /** In this entry, or in what its manifest adds to the class path. */
    private static boolean hasFile(Path entry, String file, Set<Path> seen) {
        if (!seen.add(entry)) {
            return false;
        }
        if (Files.isDirectory(entry)) {
            return Files.exists(entry.resolve(file));
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            return jar.getEntry(file) != null
                    || addedBy(jar, entry).anyMatch(added -> hasFile(added, file, seen));
        } catch (IOException noJar) {
            return false;
        }
    }

    /** The manifest's Class-Path: URLs, most of them relative to the jar. */
    private static Stream<Path> addedBy(JarFile jar, Path entry) throws IOException {
        Manifest manifest = jar.getManifest();
        String urls =
                manifest == null
                        ? null
                        : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
        URI place = entry.toAbsolutePath().toUri();
        return urls == null
                ? Stream.of()
                : Stream.of(urls.strip().split("\\s+", -1)).flatMap(url -> file(place, url));
    }

    private static Stream<Path> file(URI place, String url) {
        try {
            return Stream.of(Path.of(place.resolve(url)));
        } catch (IllegalArgumentException | FileSystemNotFoundException noFile) {
            return Stream.of();
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
