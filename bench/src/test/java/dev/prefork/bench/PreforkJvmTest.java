package dev.prefork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class PreforkJvmTest {
    @TempDir private Path folder;

    @Test
    void givenNoArchive_thenTheJarIsAllThatItRuns() throws IOException {
        assertThat(command()).doesNotContain("-Xlog:cds=off").endsWith("-jar", jar(), "run");
    }

    @Test
    void givenAnArchiveOfAnotherJdk_thenItIsNotUsed() throws IOException {
        Files.createFile(folder.resolve("prefork-1-2.jsa"));

        assertThat(command()).doesNotContain("-Xlog:cds=off");
    }

    @Test
    void givenTheArchiveOfThisJdk_thenItIsUsed() throws Exception {
        Path release = Path.of(System.getProperty("java.home"), "release");
        String sum =
                Tool.answer(List.of("sh", "-c", "cksum <" + release + " | tr ' ' -")).orElseThrow();
        Path archive = Files.createFile(folder.resolve("prefork-" + sum + ".jsa"));

        assertThat(command()).contains("-XX:SharedArchiveFile=" + archive);
    }

    private List<String> command() throws IOException {
        return new PreforkJvm(folder.resolve("prefork.jar")).command(List.of("run"));
    }

    private String jar() {
        return folder.resolve("prefork.jar").toString();
    }
}
