package dev.prefork.it.fire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** {@link FireServer} as a jar, put in its place as a deploy does: all at once. */
record FireJar(Path file) {
    /** The resource that says which version it is. */
    static final String VERSION = "/version";

    private static final List<Class<?>> CLASSES =
            List.of(FireServer.class, InHand.class, Version.class, Version.Fault.class);

    private Path beside() {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    void deploy(Version version) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FireServer.class.getName());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(beside()), manifest)) {
            for (Class<?> type : CLASSES) {
                String name = type.getName().replace('.', '/') + ".class";
                try (InputStream bytes = type.getResourceAsStream("/" + name)) {
                    jar.putNextEntry(new JarEntry(name));
                    bytes.transferTo(jar);
                }
            }
            // javac's table for a switch over the enum.
            String table = FireServer.class.getName().replace('.', '/') + "$1.class";
            try (InputStream bytes = FireServer.class.getResourceAsStream("/" + table)) {
                if (bytes != null) {
                    jar.putNextEntry(new JarEntry(table));
                    bytes.transferTo(jar);
                }
            }
            jar.putNextEntry(new JarEntry(VERSION.substring(1)));
            jar.write(version.toString().getBytes(ISO_8859_1));
        }
        move();
    }

    /** The first half of a good one. */
    void deployTruncated() throws IOException {
        deploy(Version.SECOND);
        byte[] whole = Files.readAllBytes(file);
        Files.write(beside(), Arrays.copyOf(whole, whole.length / 2));
        move();
    }

    private void move() throws IOException {
        Files.move(
                beside(),
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
