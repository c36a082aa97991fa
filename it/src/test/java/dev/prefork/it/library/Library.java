package dev.prefork.it.library;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Sources;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The library as users have it: its one jar, which needs no other. */
final class Library {
    private static final List<String> CLASS_PATH =
            List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));

    private static final Path JAR =
            Path.of(System.getProperty("prefork.library", "../library/target/prefork-library.jar"))
                    .toAbsolutePath()
                    .normalize();

    private Library() {}

    /** Of the build; {@link Command#preforkJar} is the command's. */
    static Path jar() {
        return JAR;
    }

    /** A class path or module path of this, if it is given, and the library. */
    static String path(Path... before) {
        return Stream.concat(Stream.of(before), Stream.of(JAR))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
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

    /** All its classes and resources, in this folder, which is returned. */
    static Path unpack(Path folder) throws IOException {
        try (ZipFile file = new ZipFile(JAR.toFile())) {
            for (ZipEntry entry : file.stream().filter(Library::isUnpacked).toList()) {
                Path to = folder.resolve(entry.getName());
                Files.createDirectories(to.getParent());
                try (InputStream content = file.getInputStream(entry)) {
                    Files.copy(content, to, StandardCopyOption.REPLACE_EXISTING);
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

    /** What its manifest asks of a JVM. */
    static Map<String, String> attributes() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
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
