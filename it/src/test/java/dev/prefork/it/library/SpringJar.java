package dev.prefork.it.library;

import dev.prefork.it.support.Sources;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/**
 * An executable jar as Spring Boot's plugin makes it: Spring's own launcher, and the jars of the
 * program as they are.
 */
final class SpringJar {
    private static final String LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";

    private SpringJar() {}

    /** With the {@link Sample} and the library inside. */
    static Path write(Sources sources, Path jar) throws IOException {
        Path classes = Library.compile(sources, Sample.NAME, Sample.SOURCE);
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, LAUNCHER);
        Map.of(
                        "Start-Class", Sample.NAME,
                        "Spring-Boot-Classes", "BOOT-INF/classes/",
                        "Spring-Boot-Lib", "BOOT-INF/lib/")
                .forEach(attributes::putValue);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest);
                JarFile launcher = new JarFile(Library.jarOf(LAUNCHER).toFile())) {
            for (JarEntry entry : launcher.stream().toList()) {
                if (entry.getName().startsWith("org/")) {
                    entries.putNextEntry(new JarEntry(entry.getName()));
                    launcher.getInputStream(entry).transferTo(entries);
                }
            }
            for (String folder : new String[] {"BOOT-INF/", "BOOT-INF/classes/", "BOOT-INF/lib/"}) {
                entries.putNextEntry(new JarEntry(folder));
            }
            Path program = classes.resolve(Sample.NAME + ".class");
            store(entries, "BOOT-INF/classes/" + program.getFileName(), program);
            store(entries, "BOOT-INF/lib/" + Library.jar().getFileName(), Library.jar());
        }
        return jar;
    }

    /** Not compressed: the launcher reads jars where they are. */
    private static void store(JarOutputStream entries, String name, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        CRC32 sum = new CRC32();
        sum.update(bytes);
        JarEntry entry = new JarEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        entries.putNextEntry(entry);
        entries.write(bytes);
    }
}
