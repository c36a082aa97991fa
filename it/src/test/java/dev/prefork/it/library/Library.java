package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.it.support.Sources;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
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
                                                ".*/(prefork-(posix|ipc|net|cluster)|jackson-|gson-)[^/]*[.]jar"))
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

    /** All classes and resources of all of them, in this folder, which is returned. */
    static Path unpack(Path folder) throws IOException {
        for (Path jar : jars()) {
            try (ZipFile file = new ZipFile(jar.toFile())) {
                for (ZipEntry entry : file.stream().filter(Library::isUnpacked).toList()) {
                    Path to = folder.resolve(entry.getName());
                    Files.createDirectories(to.getParent());
                    try (InputStream content = file.getInputStream(entry)) {
                        Files.copy(content, to, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
        return folder;
    }

    private static boolean isUnpacked(ZipEntry entry) {
        return !entry.isDirectory()
                && !entry.getName().equals(JarFile.MANIFEST_NAME)
                && !entry.getName().endsWith("module-info.class");
    }

    /** What the manifest of the library's own jar asks of a JVM. */
    static Map<String, String> attributes() throws IOException {
        try (JarFile jar = new JarFile(jarOf(Cluster.class.getName()).toFile())) {
            return jar.getManifest().getMainAttributes().entrySet().stream()
                    .collect(
                            Collectors.toMap(
                                    entry -> entry.getKey().toString(),
                                    entry -> entry.getValue().toString()));
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
