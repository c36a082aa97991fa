package dev.prefork.it.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies of what programs of the tests need, for programs that run as another user: class path and
 * tools of the tests may lie in root's home.
 *
 * @param folder a temporary folder; any user may read it afterwards
 */
public record Readable(Path folder) {
    public Readable {
        permit(folder);
    }

    /** The class path of the tests. */
    public String classPath() throws IOException {
        List<String> copies = new ArrayList<>();
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
        for (String entry : entries) {
            if (Files.exists(Path.of(entry))) {
                String end = entry.endsWith(".jar") ? ".jar" : "";
                copies.add(copy(Path.of(entry), copies.size() + end).toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    /** A file or a tree of them, which any user may execute. */
    public Path copy(Path from, String name) throws IOException {
        Path to = folder.resolve(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = Path.of(to + file.toString().substring(from.toString().length()));
                Files.copy(file, target);
                permit(target);
            }
        }
        return to;
    }

    private static void permit(Path file) {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
