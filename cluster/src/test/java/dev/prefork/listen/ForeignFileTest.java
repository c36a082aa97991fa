package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;
import dev.prefork.posix.UnixName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** Files that are no sockets, where a worker wants its Unix socket to be. SPEC A9. */
class ForeignFileTest {
    @TempDir Path folder;

    /** To connect to a file that is no socket is refused as well, as to one nobody listens on. */
    @Test
    void givenAnOldFileThatIsNoSocket_whenItsNameIsBound_thenItIsInUseAndTheFileStays()
            throws IOException {
        Path file = Files.writeString(folder.resolve("orders.db"), "the only copy");
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        UnixName name = UnixName.of(file.toString());

        try (Fd socket = Sockets.open(StandardProtocolFamily.UNIX, Sockets.Type.STREAM)) {
            assertThatThrownBy(() -> SocketFile.bind(socket.number(), name))
                    .isInstanceOf(PosixException.class)
                    .hasMessageContaining("EADDRINUSE");
        }

        assertThat(file).hasContent("the only copy");
    }
}
