package dev.prefork.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The open descriptors of a process. */
public final class Descriptors {
    private Descriptors() {}

    /** Such as {@code 5=socket:[4711]}; without files, as a JVM opens jars whenever it likes. */
    public static List<String> of(int pid) {
        try (Stream<Path> entries = Files.list(Path.of("/proc", "" + pid, "fd"))) {
            return entries.map(Descriptors::describe).filter(text -> !text.contains("=/")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String describe(Path entry) {
        try {
            return entry.getFileName() + "=" + Files.readSymbolicLink(entry);
        } catch (IOException closed) {
            return entry.getFileName() + "=/closed";
        }
    }
}
