package dev.prefork.classdata;

import dev.prefork.ClassDataSource.ClassData;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The class data of one {@link TrainedJvm}, in a folder of its own. The archive is there when it
 * can be used: it is made under another name, and tried.
 */
record Entry(Path folder) {
    private static final String JAR = "prefork.jar";
    private static final String ARCHIVE = "classes.jsa";
    private static final String REFUSED = "refused";

    Path jar() {
        return folder.resolve(JAR);
    }

    Path archive() {
        return folder.resolve(ARCHIVE);
    }

    /** A name in the same folder, for a while. */
    Path temporary(String name) {
        return folder.resolve(name + ".new");
    }

    Optional<ClassData> data() {
        return Files.exists(archive()) && Files.exists(jar())
                ? Optional.of(new ClassData(jar(), archive()))
                : Optional.empty();
    }

    /** Whether the JVM could not make it, or use it. */
    boolean isRefused() {
        return Files.exists(folder.resolve(REFUSED));
    }

    void refuse(String reason) throws IOException {
        Files.writeString(folder.resolve(REFUSED), reason + System.lineSeparator());
    }

    /** Somebody has used it, and it is among the last that are removed. */
    void touch() {
        try {
            Files.setLastModifiedTime(folder, FileTime.fromMillis(System.currentTimeMillis()));
        } catch (IOException removedMeanwhile) {
            // The next JVM does without.
        }
    }

    /** The jar has this path and its time for as long as the archive is there. */
    void putJar(Path from) throws IOException {
        Files.createDirectories(folder);
        if (!Files.exists(jar())) {
            Path copy = temporary(JAR);
            Files.copy(from, copy, StandardCopyOption.REPLACE_EXISTING);
            Files.move(copy, jar(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private FileTime lastUse() {
        try {
            return Files.getLastModifiedTime(folder);
        } catch (IOException removedMeanwhile) {
            return FileTime.fromMillis(0);
        }
    }

    /** Removes those of this folder that were not used for the longest time. */
    static void keepNewest(int most, Path of) throws IOException {
        List<Entry> entries;
        try (Stream<Path> folders = Files.list(of)) {
            entries =
                    folders.filter(Files::isDirectory)
                            .map(Entry::new)
                            .sorted((a, b) -> b.lastUse().compareTo(a.lastUse()))
                            .toList();
        }
        entries.stream().skip(most).forEach(Entry::remove);
    }

    private void remove() {
        // Without it the others are of no use.
        try {
            Files.deleteIfExists(archive());
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(Entry::delete);
            }
            Files.deleteIfExists(folder);
        } catch (IOException | UncheckedIOException othersRemoveItToo) {
            // Whatever is left goes the next time.
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
