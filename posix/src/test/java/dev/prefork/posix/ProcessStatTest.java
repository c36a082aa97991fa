package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ProcessStatTest {
    private static final String REST =
            " S 70 71 69 34816 68 4194304 0 0 0 0 0 0 0 0 20 0 1 0 5 6\n";

    private static final ProcessStat STAT = new ProcessStat("S", 70, 71, 34816, 68, 5);

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"java", "a b", "a) S 1 2", "", "\u00e4\u00ff", "a\nb"})
    void givenAnyName_whenRead_thenItIsInNobodysWay(String name) throws IOException {
        // Each character is one byte, and most of these names are no UTF-8.
        Files.write(folder.resolve("stat"), ("71 (" + name + ")" + REST).getBytes(ISO_8859_1));

        assertThat(ProcessStat.of(folder)).contains(STAT);
    }

    @Test
    void givenNoProcess_whenRead_thenThereIsNone() {
        assertThat(ProcessStat.of(folder)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"71 java", "71 (java) S 1", ""})
    void givenSomethingElse_whenRead_thenItIsShown(String line) {
        assertThatThrownBy(() -> ProcessStat.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("/proc/PID/stat says " + line);
    }

    @Test
    void givenThisProcess_whenRead_thenItHasAGroupAndRuns() {
        assertThat(ProcessStat.ofThisProcess().orElseThrow().group()).isPositive();
    }
}
