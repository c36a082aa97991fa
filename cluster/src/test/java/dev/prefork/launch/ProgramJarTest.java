package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.prefork.ForkException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ProgramJarTest {
    @TempDir Path folder;

    @Test
    void givenAJar_whenItsManifestIsRead_thenItSaysWhatJavaJarWouldDo() throws IOException {
        Path jar =
                Jars.write(
                        folder.resolve("app.jar"),
                        """
                        Main-Class: com.acme.Main\s
                        Add-Opens: java.base/a java.base/b
                        Add-Exports: java.base/c
                        """);

        assertThat(ProgramJar.read(jar))
                .isEqualTo(
                        new ProgramJar(
                                "com.acme.Main",
                                List.of(
                                        "--add-exports=java.base/c=ALL-UNNAMED",
                                        "--add-opens=java.base/a=ALL-UNNAMED",
                                        "--add-opens=java.base/b=ALL-UNNAMED")));
    }

    @Test
    void givenAJarWithoutAMainClass_whenItIsRead_thenItIsRefusedByName() throws IOException {
        Path jar = Jars.write(folder.resolve("lib.jar"), "Add-Opens: java.base/a\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProgramJar.read(jar))
                .withMessage("exec=" + jar + ": the manifest has no Main-Class");
    }

    @Test
    void givenAJarWithoutAManifest_whenItIsRead_thenItIsRefusedByName() throws IOException {
        Path jar = Jars.withoutManifest(folder.resolve("plain.jar"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProgramJar.read(jar))
                .withMessageContaining(jar.toString());
    }

    /** As it is while somebody copies a new one over it. SPEC F10. */
    @Test
    void givenAFileThatIsNoJar_whenItIsRead_thenTheForkIsRefusedAndNamesIt() throws IOException {
        Path file = Files.writeString(folder.resolve("broken.jar"), "half of it");

        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> ProgramJar.read(file))
                .withMessageStartingWith("cannot fork: cannot read " + file);
    }

    @Test
    void givenNoFile_whenItIsLookedFor_thenTheForkIsRefusedAndNamesIt() {
        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> ProgramJar.file(folder + "/no.jar"))
                .withMessage("cannot fork: there is no file " + folder + "/no.jar");
        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> ProgramJar.file(folder.toString()))
                .withMessageContaining("there is no file " + folder);
        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> ProgramJar.read(folder.resolve("gone.jar")))
                .withMessageContaining("gone.jar");
    }

    /** A byte of the command line that no file name has in this locale. */
    @Test
    void givenANameThatIsNoText_whenItIsLookedFor_thenTheForkIsRefused() {
        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> ProgramJar.file("caf\uDCE9.jar"))
                .withMessageContaining("exec=caf");
    }
}
