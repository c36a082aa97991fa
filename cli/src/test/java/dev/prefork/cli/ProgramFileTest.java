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
        ProgramFile before = file("current/app.jar");
        switchLink();

        assertThat(file("current/app.jar").comparedWith(before))
                .isEqualTo(
                        "current/app.jar is now %s/2/app.jar, it was %s/1/app.jar"
                                .formatted(folder, folder));
        assertThat(file("current/app.jar").comparedWith(file("current/app.jar")))
                .isEqualTo("current/app.jar is the same file as before");
        assertThat(before.asItWas()).isEqualTo(folder.resolve("1/app.jar").toString());
    }

    private ProgramFile file(String name) {
        return ProgramFile.of(folder, name).orElseThrow();
    }

    @Test
    void givenAReplacedFile_whenLookedAt_thenItIsSaid() throws IOException {
        try (ProgramFile before = file("1/app.jar")) {
            before.keep();
            assertThat(before.asItWas()).isEqualTo("1/app.jar");
            Files.move(
                    folder.resolve("2/app.jar"),
                    folder.resolve("1/app.jar"),
                    StandardCopyOption.ATOMIC_MOVE);

            assertThat(file("1/app.jar").comparedWith(before))
                    .isEqualTo("1/app.jar is another file than before");
            assertThat(Path.of(before.asItWas())).hasContent("1");
        }
    }

    @Test
    void givenAFileThatIsWrittenOver_whenItWasKept_thenTheOldContentIsThere() throws IOException {
        try (ProgramFile before = file("1/app.jar")) {
            before.keep();
            Files.writeString(folder.resolve("1/app.jar"), "another");

            assertThat(Path.of(before.asItWas())).hasContent("1");
        }
    }

    /** The release is not there any more, and nobody could make a copy. */
    @Test
    void givenAFileThatIsGoneAndWasNotKept_thenItIsWhatItsNameSays() throws IOException {
        ProgramFile before = file("1/app.jar");
        Files.delete(folder.resolve("1/app.jar"));

        assertThat(before.asItWas()).isEqualTo("1/app.jar");
    }

    @Test
    void givenOneThatIsClosedWhileItIsCopied_thenNoDescriptorIsLeft() throws IOException {
        ProgramFile before = file("1/app.jar");
        before.close();
        before.keep();
        Files.delete(folder.resolve("1/app.jar"));

        assertThat(before.asItWas()).isEqualTo("1/app.jar");
    }

    @Test
    void givenAFolderBehindALink_whenTheLinkIsSwitched_thenItIsTheOldOne() throws IOException {
        ProgramFile before = file("current");
        Files.writeString(folder.resolve("1/more"), "more");
        before.keep();
        switchLink();

        assertThat(before.asItWas()).isEqualTo(folder.resolve("1").toString());
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
