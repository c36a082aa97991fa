package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.AddressType;
import dev.prefork.posix.Errno;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;
import dev.prefork.posix.UnixName;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer.Wishes;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Whose file a Unix socket's is (SPEC A9, D5). */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class SocketFileTest {
    @TempDir Path folder;
    private Path path;

    @BeforeEach
    void name() {
        path = folder.resolve("s");
    }

    private ListenSocket open(Wishes wishes) throws PosixException {
        return ListenSocket.open(
                ListenAddress.of(Optional.of(path.toString()), -1, AddressType.UNIX), wishes);
    }

    private ListenSocket open() throws PosixException {
        return open(Wishes.NONE);
    }

    /** The JDK leaves its files behind. */
    private void leaveBehind() throws Exception {
        try (ServerSocketChannel owner = listen()) {
            assertThat(owner.isOpen()).isTrue();
        }
    }

    private ServerSocketChannel listen() throws Exception {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(path));
    }

    private void assertInUse() {
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        PosixException.class,
                        e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE));
        assertThat(path).exists();
    }

    @Test
    void givenTheFileOfADeadOwner_whenOpened_thenItIsTakenOverAndRemovedAtTheEnd()
            throws Exception {
        leaveBehind();

        ListenSocket taken = open();

        taken.close();
        assertThat(path).doesNotExist();
    }

    @Test
    void givenALivingOwner_whenOpened_thenItIsInUseAndTheOwnerNoticesNothing() throws Exception {
        try (ServerSocketChannel owner = listen()) {
            owner.configureBlocking(false);

            assertInUse();

            assertThat(owner.accept()).isNull();
        }
    }

    /** Between bind and listen, and whatever kind of socket it is. */
    @ParameterizedTest
    @EnumSource(Sockets.Type.class)
    void givenAnOwnerThatDoesNotListen_whenOpened_thenItIsInUse(Sockets.Type type)
            throws Exception {
        try (Fd owner = Sockets.open(StandardProtocolFamily.UNIX, type)) {
            UnixName.of(path.toString()).bind(owner.number());

            assertInUse();
        }
    }

    @Test
    void givenAFileThatIsNoSocket_whenOpened_thenItIsNotTouched() throws Exception {
        Files.writeString(path, "mine");

        assertThatThrownBy(this::open).isInstanceOf(PosixException.class);

        assertThat(path).hasContent("mine");
    }

    @Test
    void givenAnotherFileInItsPlace_whenClosed_thenThatOneStays() throws Exception {
        ListenSocket ours = open();
        Files.move(path, folder.resolve("moved"));
        Files.writeString(path, "another's");

        ours.close();

        assertThat(path).hasContent("another's");
    }

    @Test
    void givenAFileThatIsGone_whenClosed_thenNothingHappens() throws Exception {
        ListenSocket ours = open();
        Files.delete(path);

        ours.close();

        assertThat(path).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"statx", "listen", "fchmodat", "getsockname"})
    void givenACallThatFailsAfterTheBind_whenOpened_thenNoFileIsLeftAndTheNextOneWorks(String call)
            throws Exception {
        Wishes all = new Wishes(false, false, 0, true, true);

        try (FailingKernel kernel = FailingKernel.ofThisThread()) {
            kernel.fail(call, 1, Errno.ENOMEM);
            assertThatThrownBy(() -> open(all)).isInstanceOf(PosixException.class);
            assertThat(kernel.failed()).isTrue();
        }

        assertThat(path).doesNotExist();
        open(all).close();
    }

    @Test
    void givenAFileForAll_whenOpened_thenAllMayReadAndWrite() throws Exception {
        try (ListenSocket _ = open(new Wishes(false, false, 0, true, true))) {
            String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));

            assertThat(permissions).matches("rw.rw.rw.");
        }
    }

    @Test
    void givenAPathThatIsLongFromTheRootOnly_whenOpened_thenItIsReachedFromOurFolder()
            throws Exception {
        Path here = Path.of(System.getProperty("user.dir"));
        Path deep = Files.createTempDirectory(here.resolve("target"), "d".repeat(45));
        path = deep.resolve("s".repeat(25));

        ListenSocket opened = open();
        boolean there = Files.exists(path);
        opened.close();

        assertThat(there).isTrue();
        assertThat(path).doesNotExist();
        Files.delete(deep);
    }
}
