package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Which file a name means, whatever happens to the folder meanwhile. */
@ExtendWith(NothingLeft.class)
class UnixNameTest {
    private static final int ALL = 0666;

    @TempDir Path folder;
    private Path path;
    private UnixName name;
    private UnixName.File file;

    @BeforeEach
    void bind() throws IOException {
        path = folder.resolve("s");
        name = UnixName.of(path.toString());
        try (Fd socket = Sockets.open(StandardProtocolFamily.UNIX, Sockets.Type.STREAM)) {
            name.bind(socket.number());
        }
        file = name.file().orElseThrow();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void givenASocket_whenItIsPermitted_thenItHasThesePermissions() throws IOException {
        name.permit(file, ALL);

        assertThat(permissions(path)).isEqualTo("rw-rw-rw-");
        assertThat(name.file().orElseThrow().permissions()).isEqualTo(ALL);
    }

    @Test
    void givenALinkInItsPlace_whenItIsPermitted_thenTheOtherFileStaysAsItWas() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Files.delete(path);
        Files.createSymbolicLink(path, secret);

        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> name.permit(file, ALL))
                .matches(e -> e.errno() == Errno.ESTALE);

        assertThat(permissions(secret)).isEqualTo("rw-------");
    }

    @Test
    void givenTheNthCallFails_whenItIsPermitted_thenThatIsTold() throws IOException {
        int[] errnos = {Errno.EMFILE, Errno.ENOMEM, Errno.EPERM};
        for (int errno : errnos) {
            for (int n = 1; n <= 3; n++) {
                try (FailingKernel kernel = FailingKernel.ofThisThread()) {
                    kernel.fail(n, errno);

                    assertThatExceptionOfType(PosixException.class)
                            .as("call %d of %s", n, kernel)
                            .isThrownBy(() -> name.permit(file, ALL));
                }
            }
        }
    }
}
