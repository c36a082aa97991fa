package dev.prefork.classdata;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lists of classes, which a JVM writes and another one reads. */
class ClassListTest {
    @TempDir Path folder;

    @Test
    void givenAListWhoseLastLineIsNotWhole_whenTheJdksOwnIsAdded_thenAllLinesAreWhole()
            throws IOException {
        Path list = Files.writeString(folder.resolve("list"), "a/A id: 0\nb/B id: 1 su");
        Path java = jdk("c/C id: 7\n");

        ClassList.join(java, list);

        assertThat(list).hasContent("a/A id: 0\nc/C id: 7\n");
    }

    @Test
    void givenAJdkWithoutAListOfItsOwn_whenAdded_thenWhatWasNotedIsThere() throws IOException {
        Path list = Files.writeString(folder.resolve("list"), "a/A id: 0\n");
        Path java = jdk("");
        Files.delete(folder.resolve("jdk/lib/classlist"));

        ClassList.join(java, list);

        assertThat(list).hasContent("a/A id: 0\n");
    }

    private Path jdk(String classes) throws IOException {
        Files.createDirectories(folder.resolve("jdk/lib"));
        Files.writeString(folder.resolve("jdk/lib/classlist"), classes);
        Files.createDirectories(folder.resolve("jdk/bin"));
        return Files.createFile(folder.resolve("jdk/bin/java"));
    }
}
