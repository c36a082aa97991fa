package dev.prefork.classdata;

import dev.prefork.ClassDataSource.ClassData;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The class data of one {@link TrainedJvm}, in a folder of its own. The archive is there when it
 * can be used: it is made under another name, and tried.
 */
record Entry(Path folder) {
    private static final String PREFORK = "prefork.jar";
    private static final String CLASSES = "classes.jar";
    private static final String ARCHIVE = "classes.jsa";
    private static final String REFUSED = "refused";

    /** It may have been for want of room. */
    private static final Duration NEXT_TRY_AFTER = Duration.ofDays(1);

    private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** All of us, for the training. */
    Path prefork() {
        return folder.resolve(PREFORK);
    }

    /** What workers load. */
    Path classes() {
        return folder.resolve(CLASSES);
    }

    Path archive() {
        return folder.resolve(ARCHIVE);
    }

    /** A name in the same folder, for a while. */
    Path temporary(String name) {
        return folder.resolve(name + ".new");
    }

    Optional<ClassData> data() {
        return Files.exists(archive()) && Files.exists(classes()) && isOurs()
                ? Optional.of(new ClassData(classes(), archive()))
                : Optional.empty();
    }

    /** Nobody else can have put something into it that our workers would run. */
    private boolean isOurs() {
        try {
            return Ownership.isOurs(folder)
                    && Collections.disjoint(
                            Files.getPosixFilePermissions(folder), WRITABLE_BY_OTHERS);
        } catch (IOException removedMeanwhile) {
            return false;
        }
    }

    /** Whether the JVM could not make it, or use it, when that was tried not long ago. */
    boolean isRefused() {
        try {
            Instant then = Files.getLastModifiedTime(folder.resolve(REFUSED)).toInstant();
            return then.plus(NEXT_TRY_AFTER).isAfter(Instant.now());
        } catch (IOException notThere) {
            return false;
        }
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

    /**
     * What an archive is made from: it has its path and its time for as long as that is there.
     *
     * @param digest of the jar that is meant
     */
    void prepare(Path from, String digest) throws IOException {
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        put(prefork(), copy -> copy(from, copy, digest));
        put(classes(), jar -> OwnClassesJar.write(prefork(), jar));
    }

    private static void copy(Path from, Path copy, String digest) throws IOException {
        Files.copy(from, copy, StandardCopyOption.REPLACE_EXISTING);
        if (!TrainedJvm.digest(Files.readAllBytes(copy)).equals(digest)) {
            Files.delete(copy);
            throw new IOException(from + " is another jar by now");
        }
    }

    private interface Writing {
        void write(Path file) throws IOException;
    }

    private void put(Path file, Writing content) throws IOException {
        if (!Files.exists(file)) {
            Path whole = Files.createTempFile(folder, file.getFileName().toString(), ".new");
            content.write(whole);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
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
