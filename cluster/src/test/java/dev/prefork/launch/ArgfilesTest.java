package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ArgfilesTest {
    private static final Map<String, List<String>> FILES =
            Map.of(
                    "opts", List.of("-Xmx1g", "-cp", "x"),
                    "all", List.of("-cp", "x", "Main", "@opts"),
                    "nested", List.of("@opts"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Main a                |Main a",
                "@opts Main a          |-Xmx1g -cp x Main a",
                "-ea @opts Main @opts  |-ea -Xmx1g -cp x Main @opts",
                "@all a                |-cp x Main @opts a",
                "@all @opts            |-cp x Main @opts @opts",
                "@nested Main          |@opts Main",
                "-jar app.jar @opts    |-jar app.jar @opts",
                "@@opts Main           |@@opts Main",
                "@opts @opts Main      |-Xmx1g -cp x -Xmx1g -cp x Main",
            })
    void givenFilesOfWords_whenExpanded_thenTheyEndWhereTheProgramIsNamed(
            String line, String expanded) {
        assertThat(Argfiles.expand(words(line), file -> Optional.ofNullable(FILES.get(file))))
                .contains(words(expanded));
    }

    @Test
    void givenAFileThatIsGone_whenItIsExpanded_thenNothingIsKnown(@TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("args"), "-cp 'a b' Main\n");
        List<String> line = List.of("@" + file, "c");

        assertThat(Argfiles.expand(line)).contains(List.of("-cp", "a b", "Main", "c"));
        Files.delete(file);
        assertThat(Argfiles.expand(line)).isEmpty();
        assertThat(JavaCommandLine.of(Path.of("/bin/java"), List.of("java", "@" + file, "Main")))
                .isEmpty();
    }

    private static List<String> words(String line) {
        return List.of(line.strip().split(" ", -1));
    }
}
