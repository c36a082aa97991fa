package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What a reload would read. SPEC F15. */
class ProgramFileTest {
    @TempDir Path made;
    private Path folder;

    @BeforeEach
    void twoReleases() throws IOException {
        folder = made.toRealPath();
        for (String release : new String[] {"1", "2"}) {
            Files.createDirectories(folder.resolve(release));
            Files.writeString(folder.resolve(release).resolve("app.jar"), release);
        }
        Files.createSymbolicLink(folder.resolve("current"), Path.of("1"));
    }

    private void switchLink() throws IOException {
        Path next = folder.resolve("next");
        Files.createSymbolicLink(next, Path.of("2"));
        Files.move(next, folder.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void givenASwitchedLink_whenLookedAt_thenBothFilesAreNamed() throws IOException {
        ProgramFile file = ProgramFile.of(folder, "current/app.jar").orElseThrow();
        switchLink();

        assertThat(file.look())
                .isEqualTo(
                        "current/app.jar is now %s/2/app.jar, it was %s/1/app.jar"
                                .formatted(folder, folder));
        assertThat(file.look()).isEqualTo("current/app.jar is the same file as before");
    }

    @Test
    void givenAReplacedFile_whenLookedAt_thenItIsSaid() throws IOException {
        ProgramFile file = ProgramFile.of(folder, "1/app.jar").orElseThrow();
        Files.move(
                folder.resolve("2/app.jar"),
                folder.resolve("1/app.jar"),
                StandardCopyOption.ATOMIC_MOVE);

        assertThat(file.look()).isEqualTo("1/app.jar is another file than before");
    }

    @Test
    void givenAFileThatIsGone_whenLookedAt_thenItIsSaid() throws IOException {
        ProgramFile file = ProgramFile.of(folder, "1/app.jar").orElseThrow();
        Files.delete(folder.resolve("1/app.jar"));

        assertThat(file.look()).isEqualTo("1/app.jar is not there any more");
    }

    @Test
    void givenAClass_whenItIsNoFile_thenThereIsNothingToLookAt() {
        assertThat(ProgramFile.of(folder, "com.acme.Main")).isEmpty();
        assertThat(ProgramFile.of(folder, "no\0file")).isEmpty();
    }

    @Test
    void givenALinkInTheShellsName_whenItIsOurDirectory_thenItIsThatName() {
        Path current = folder.resolve("current");
        Path here = folder.resolve("1");

        assertThat(WorkingDirectory.byItsLinks(current.toString(), here)).contains(current);
        assertThat(WorkingDirectory.byItsLinks(here.toString(), here)).isEmpty();
        assertThat(WorkingDirectory.byItsLinks(current.toString(), folder.resolve("2"))).isEmpty();
        assertThat(WorkingDirectory.byItsLinks("current", here)).isEmpty();
        assertThat(WorkingDirectory.byItsLinks(null, here)).isEmpty();
        assertThat(WorkingDirectory.byItsLinks("/no/such/folder", here)).isEmpty();
    }
}
