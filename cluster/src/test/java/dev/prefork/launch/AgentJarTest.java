package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.prefork.posix.Fd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** SPEC F10. */
class AgentJarTest {
    @RegisterExtension final NothingOpen nothingOpen = new NothingOpen();
    @TempDir Path folder;

    private Path agent() throws IOException {
        return Jars.write(
                folder.resolve("prefork.jar"), "Premain-Class: dev.prefork.agent.PreforkAgent\n");
    }

    @Test
    void givenPreforkJar_whenItIsCopied_thenTheCopyStaysWhateverBecomesOfTheFile()
            throws IOException {
        Path jar = agent();
        byte[] before = Files.readAllBytes(jar);

        try (Fd copy = AgentJar.copyOf(jar)) {
            Files.writeString(jar, "garbage");
            Files.delete(jar);

            assertThat(Files.readAllBytes(AgentJar.pathOf(copy.number()))).isEqualTo(before);
        }
    }

    /** Nor may a worker change it for the others. */
    @Test
    void givenTheCopy_whenItIsOpenedForWriting_thenItCannotBeWritten() throws IOException {
        try (Fd copy = AgentJar.copyOf(agent())) {
            Path path = AgentJar.pathOf(copy.number());

            assertThatIOException().isThrownBy(() -> Files.writeString(path, "garbage"));
        }
    }

    @Test
    void givenWhatIsNotPrefork_whenItIsCopied_thenItIsRefusedAndTheWayOutIsSaid()
            throws IOException {
        for (Path file :
                new Path[] {
                    folder,
                    folder.resolve("no.jar"),
                    Files.writeString(folder.resolve("text.jar"), "text"),
                    Jars.withoutManifest(folder.resolve("plain.jar")),
                    Jars.write(folder.resolve("other.jar"), "Premain-Class: Other\n")
                }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AgentJar.copyOf(file))
                    .withMessageContaining(file + " is not prefork.jar")
                    .withMessageContaining("-Ddev.prefork.agent=");
        }
    }
}
