package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
class BlockingOutputTest {
    @Test
    void givenANonBlockingPipe_whenMoreIsWrittenThanItHolds_thenTheReaderHasEveryByte()
            throws Exception {
        byte[] bytes = new byte[1_000_000];
        new Random(1).nextBytes(bytes);
        Fd[] pipe = Descriptors.pipe();
        try (Fd read = pipe[0];
                Fd write = pipe[1]) {
            Descriptors.setNonBlocking(read.number(), false);
            Descriptors.setNonBlocking(write.number(), true);
            CompletableFuture<byte[]> received =
                    CompletableFuture.supplyAsync(() -> readAll(read.number()));

            new BlockingOutput(write.number()).write(bytes);
            write.close();

            assertThat(received.get()).isEqualTo(bytes);
        }
    }

    private static byte[] readAll(int descriptor) {
        Path path = Path.of("/proc/self/fd/" + descriptor);
        try (FileInputStream input = new FileInputStream(path.toFile())) {
            return input.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void givenAPipeThatNobodyReads_whenWritten_thenItSaysSoAsTheJdkDoes() throws IOException {
        Fd[] pipe = Descriptors.pipe();
        try (Fd read = pipe[0];
                Fd write = pipe[1]) {
            read.close();
            BlockingOutput output = new BlockingOutput(write.number());

            assertThatThrownBy(() -> output.write(1))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Broken pipe");
            assertThatThrownBy(() -> output.writeInBackground(new byte[3], 0, 3))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Broken pipe");
        }
    }

    @Test
    void givenNoSuchDescriptor_whenWritten_thenItFails() {
        assertThatThrownBy(() -> new BlockingOutput(9999).write(new byte[1]))
                .isInstanceOf(IOException.class)
                .hasMessage("Bad file descriptor");
    }
}
