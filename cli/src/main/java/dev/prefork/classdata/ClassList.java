package dev.prefork.classdata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The classes that go into an archive, a line for each; what a line means is the JVM's affair. */
final class ClassList {
    private ClassList() {}

    /**
     * Adds those of the JDK's own archive, which this one is instead of: programs of all kinds use
     * them.
     */
    static void join(Path java, Path list) throws IOException {
        Path own = java.toRealPath().getParent().getParent().resolve("lib/classlist");
        if (Files.exists(own)) {
            Files.write(list, Files.readAllBytes(own), StandardOpenOption.APPEND);
        }
    }
}
