package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.ForkException;
import dev.prefork.posix.Fd;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class JoinFilesTest {
    @TempDir Path folder;

    private Fd agent;

    @AfterEach
    void close() {
        agent.close();
    }

    private Path jar() throws IOException {
        Path jar =
                Jars.write(
                        folder.resolve("prefork.jar"),
                        "Premain-Class: dev.prefork.agent.PreforkAgent\n");
        agent = AgentJar.copyOf(jar);
        return jar;
    }

    @Test
    void whenWritten_thenAnybodyMayReadThemAndNobodyElseWrite_andNothingIsLeftWhenRemoved()
            throws IOException {
        Path jar = jar();

        JoinFiles files = JoinFiles.write(agent);

        assertThat(files.agent()).hasSameBinaryContentAs(jar);
        assertThat(files.script()).content().contains("PREFORK_JOIN");
        assertThat(mode(files.folder())).isEqualTo("rwxr-xr-x");
        assertThat(mode(files.agent())).isEqualTo("rw-r--r--");
        assertThat(mode(files.script())).isEqualTo("rw-r--r--");
        assertThat(files.areThere()).isTrue();
        files.remove();
        assertThat(files.folder()).doesNotExist();
        assertThat(files.areThere()).isFalse();
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void givenNoFolderForTemporaryFiles_whenWritten_thenItSaysWhichAndHowToNameAnother()
            throws IOException {
        var _ = jar();
        Path missing = folder.resolve("missing");

        assertThatThrownBy(() -> JoinFiles.write(missing, agent))
                .isInstanceOf(ForkException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("-Djava.io.tmpdir=");
    }
}
