package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Sources;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;

/** The library as Maven resolves it for a program: its jars and those that it needs. */
final class Library {
    private static final List<String> CLASS_PATH =
            List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));

    private Library() {}

    static List<Path> jars() {
        List<Path> jars =
                CLASS_PATH.stream()
                        .filter(
                                entry ->
                                        entry.matches(
                                                ".*/(prefork-(posix|ipc|net|cluster)|jackson-)[^/]*[.]jar"))
                        .filter(entry -> !entry.endsWith("-tests.jar"))
                        .map(Path::of)
                        .toList();
        // From an IDE they are folders.
        assertThat(jars).as("the library's jars on %s", CLASS_PATH).hasSizeGreaterThan(4);
        return jars;
    }

    /** A class path or module path of this, if it is given, and the library. */
    static String path(Path... before) {
        List<Path> entries = new ArrayList<>(Arrays.asList(before));
        entries.addAll(jars());
        return String.join(File.pathSeparator, entries.stream().map(Path::toString).toList());
    }

    /** The jar on the class path of the tests that this class is in. */
    static Path jarOf(String className) {
        String entry = className.replace('.', '/') + ".class";
        return CLASS_PATH.stream()
                .filter(jar -> jar.endsWith(".jar") && has(jar, entry))
                .findFirst()
                .map(Path::of)
                .orElseThrow(() -> new AssertionError("no " + className + " on " + CLASS_PATH));
    }

    private static boolean has(String jar, String entry) {
        try (ZipFile file = new ZipFile(jar)) {
            return file.getEntry(entry) != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles a class in no package against the library; returns the folder it is in. */
    static Path compile(Sources sources, String name, String source) throws IOException {
        return sources.compile(
                "classes-of-" + name,
                List.of("-cp", path()),
                sources.write("of-" + name + "/" + name + ".java", source));
    }
}
