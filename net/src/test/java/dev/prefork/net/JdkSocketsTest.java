package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.posix.EventFd;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.util.Map;

/** Sockets that came from another process and cannot be a channel: nothing of them is left. */
@ExtendWith(NothingLeft.class)
class JdkSocketsTest {
    @Test
    void givenWhatIsNoSocket_whenItIsOpened_thenItIsClosed() throws IOException {
        EventFd event = EventFd.open();
        Fd socket = Fd.owning(event.descriptor());

        assertThatThrownBy(() -> JdkSockets.open(socket, () -> {}))
                .isInstanceOf(PosixException.class);

        assertThat(socket.isOpen()).isFalse();
    }

    @Test
    void givenAStreamSocketThatIsNotConnected_whenItIsOpened_thenItIsClosed() throws IOException {
        Fd socket = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);

        assertThatThrownBy(() -> JdkSockets.open(socket, () -> {}))
                .isInstanceOf(PosixException.class)
                .hasMessageContaining("ENOTCONN");

        assertThat(socket.isOpen()).isFalse();
    }

    /** At once: the JDK's cleaner would close the channel some time. */
    @Test
    void givenASocketThatIsGone_whenItsChannelIsMade_thenTheChannelIsClosedAtOnce()
            throws IOException {
        Fd gone = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.DATAGRAM);
        gone.close();
        Map<Integer, String> before = NothingLeft.descriptors();

        assertThatThrownBy(() -> AdoptedSockets.datagram(StandardProtocolFamily.INET, gone))
                .isInstanceOf(IllegalStateException.class);

        assertThat(NothingLeft.descriptors()).isEqualTo(before);
    }
}
