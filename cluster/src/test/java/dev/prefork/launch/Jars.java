package dev.prefork.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Jars with nothing in them but a manifest. */
final class Jars {
    private Jars() {}

    /** With these lines in its manifest. */
    static Path write(Path file, String manifest) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new JarEntry("META-INF/MANIFEST.MF"));
            jar.write(("Manifest-Version: 1.0\n" + manifest).getBytes(StandardCharsets.UTF_8));
            jar.closeEntry();
        }
        return file;
    }

    static Path withoutManifest(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            jar.putNextEntry(new JarEntry("a"));
            jar.closeEntry();
        }
        return file;
    }
}
