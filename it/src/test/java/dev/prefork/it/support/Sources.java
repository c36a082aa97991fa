package dev.prefork.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

/** Makes programs of their sources, in a folder of the test. */
public final class Sources {
    private final Path folder;

    public Sources(Path folder) {
        this.folder = folder;
    }

    /** Writes a source file. */
    public Path write(String name, String source) throws IOException {
        Path file = folder.resolve("src").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, source, UTF_8);
    }

    /** Compiles source files; returns the folder of the classes. */
    public Path compile(Path... files) {
        return compile("classes", List.of(), files);
    }

    /**
     * Compiles source files; what is on the class path of the tests is there for them.
     *
     * @param classes name of the folder of the classes, which is returned
     * @param options of javac
     */
    public Path compile(String classes, List<String> options, Path... files) {
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

    /** An executable jar of these classes. */
    public Path jar(String name, String mainClass, Path classes) throws IOException {
        return jar(name, classes, Map.of("Main-Class", mainClass));
    }

    /** A jar of these classes with these attributes. */
    public Path jar(String name, Path classes, Map<String, String> attributes) throws IOException {
        return jar(name, classes, attributes, List.of());
    }

    /** A jar of these classes with these attributes and, in its folder lib, these jars. */
    public Path jar(String name, Path classes, Map<String, String> attributes, List<Path> jars)
            throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach(manifest.getMainAttributes()::putValue);
        Path jar = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest);
                Stream<Path> files = Files.walk(classes)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> add(entries, classes.relativize(file).toString(), file));
            jars.forEach(file -> add(entries, "lib/" + file.getFileName(), file));
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
