package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

@ExtendWith(NothingLeft.class)
class MemoryFileTest {
    @TempDir Path folder;

    @Test
    void givenAFile_whenItIsCopiedAndDeleted_thenItsContentIsStillThere() throws IOException {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Path original = Files.write(folder.resolve("original"), content);

        try (Fd copy = MemoryFile.of("a name", original)) {
            Files.delete(original);

            assertThat(path(copy)).hasBinaryContent(content);
            assertThat(NothingLeft.target(copy.number())).startsWith("/memfd:a name");
            assertThat(NothingLeft.flags(copy.number()) & 02000000)
                    .as("close-on-exec")
                    .isPositive();
            assertThat(Syscall.LSEEK.call(copy.number(), 0, 1)).as("offset").isZero();
        }
    }

    @Test
    void givenACopy_whenItIsWrittenTo_thenThatIsRefused() throws IOException {
        try (Fd copy = MemoryFile.of("sealed", InputStream.nullInputStream())) {
            assertThatThrownBy(() -> Files.write(path(copy), new byte[1]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Operation not permitted");
        }
    }

    @Test
    void givenAStreamThatFails_whenItIsCopied_thenNothingStaysOpen() {
        InputStream broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("no more");
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        return read();
                    }
                };

        assertThatThrownBy(() -> MemoryFile.of("broken", broken)).hasMessage("no more");
    }

    @Test
    void givenANameThatIsTooLong_whenItIsCopied_thenTheErrorSaysSo() {
        assertThatThrownBy(() -> MemoryFile.of("x".repeat(250), InputStream.nullInputStream()))
                .isInstanceOf(PosixException.class)
                .hasMessageContaining("EINVAL");
    }

    private static Path path(Fd fd) {
        return Path.of("/proc/self/fd/" + fd.number());
    }
}
