package dev.prefork.classdata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Our classes alone. A JVM that loads them itself finds what else the jar has before all that the
 * program has: its manifest, its services.
 */
final class OwnClassesJar {
    private static final String CLASS = ".class";

    /** Of the command line, which a worker has not. */
    private static final String PICOCLI = "dev/prefork/shaded/picocli/";

    private OwnClassesJar() {}

    /** Writes it, from the whole. */
    static void write(Path whole, Path classes) throws IOException {
        try (ZipFile from = new ZipFile(whole.toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(classes))) {
            // It is read at each start.
            to.setLevel(Deflater.NO_COMPRESSION);
            List<String> names =
                    from.stream()
                            .map(ZipEntry::getName)
                            .filter(name -> name.startsWith("dev/prefork/"))
                            .filter(name -> name.endsWith(CLASS) && !name.startsWith(PICOCLI))
                            .toList();
            for (String name : names) {
                to.putNextEntry(new ZipEntry(name));
                from.getInputStream(from.getEntry(name)).transferTo(to);
            }
        }
    }
}
