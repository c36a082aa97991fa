package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

import javax.tools.ToolProvider;

/** Makes programs that use the library of their sources, in a folder of the test. */
final class Built {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    private final Path folder;

    Built(Path folder) {
        this.folder = folder;
    }

    /** The jars of the library and of what it needs, as Maven would resolve them. */
    static List<Path> library() {
        List<Path> jars =
                Arrays.stream(CLASS_PATH.split(File.pathSeparator, -1))
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

    /** The jar on the class path of the tests that this class is in. */
    static Path jarOf(String className) {
        String entry = className.replace('.', '/') + ".class";
        return Arrays.stream(CLASS_PATH.split(File.pathSeparator, -1))
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

    /** As a class path or module path. */
    static String path(List<Path> entries) {
        return String.join(File.pathSeparator, entries.stream().map(Path::toString).toList());
    }

    Path write(String name, String source) throws IOException {
        Path file = folder.resolve("src").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, source, UTF_8);
    }

    /**
     * Compiles source files.
     *
     * @param classes name of the folder for the classes, which is returned
     */
    Path compile(String classes, List<String> options, Path... files) {
        Path to = folder.resolve(classes);
        List<String> words = new ArrayList<>(options);
        words.addAll(List.of("-d", to.toString()));
        Arrays.stream(files).map(Path::toString).forEach(words::add);
        int errors =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, words.toArray(String[]::new));
        assertThat(errors).isZero();
        return to;
    }

    /** Compiles one source file against the library. */
    Path compile(String name, String source) throws IOException {
        return compile("classes-of-" + name, List.of("-cp", path(library())), write(name, source));
    }

    /** A jar of these classes with, in its folder lib, these jars. */
    Path jar(String name, String mainClass, Path classes, List<Path> inside) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        Path jar = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest);
                Stream<Path> files = Files.walk(classes)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> add(entries, classes.relativize(file).toString(), file));
            inside.forEach(file -> add(entries, "lib/" + file.getFileName(), file));
        }
        return jar;
    }

    private static void add(JarOutputStream entries, String name, Path file) {
        try {
            entries.putNextEntry(new JarEntry(name));
            Files.copy(file, entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
