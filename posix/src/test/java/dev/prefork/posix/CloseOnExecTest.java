package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Every descriptor is born close-on-exec, whatever it is and wherever it comes from. SPEC D7. */
@ExtendWith(NothingLeft.class)
class CloseOnExecTest {
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void givenEveryFamilyAndType_whenASocketIsOpened_thenItIsCloseOnExecAndNonBlocking()
            throws IOException {
        for (StandardProtocolFamily family :
                List.of(StandardProtocolFamily.INET, StandardProtocolFamily.UNIX)) {
            for (Sockets.Type type : List.of(Sockets.Type.STREAM, Sockets.Type.DATAGRAM)) {
                Fd socket = keep(Sockets.open(family, type));
                assertCloseOnExec(socket.number(), true);
            }
        }
    }

    @Test
    void givenAPair_whenItIsOpened_thenBothAreCloseOnExecAndNonBlocking() throws IOException {
        for (Sockets.Type type : Sockets.Type.values()) {
            for (Fd end : Sockets.pair(type)) {
                assertCloseOnExec(keep(end).number(), true);
            }
        }
    }

    @Test
    void givenAConnection_whenItIsAccepted_thenItIsCloseOnExecAndBlocking() throws IOException {
        Fd listener = keep(Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM));
        Sockets.bind(
                listener.number(), new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        Sockets.listen(listener.number(), 1);
        keep(SocketChannel.open(Sockets.localAddress(listener.number())));

        Fd connection = keep(Fd.owning(Sockets.accept(listener.number())));

        assertCloseOnExec(connection.number(), false);
    }

    @Test
    void givenEpollEventFdAndDuplicate_whenTheyAreOpened_thenTheyAreCloseOnExec()
            throws IOException {
        Epoll epoll = keep(Epoll.open());
        EventFd event = keep(EventFd.open());
        Fd socket = keep(Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM));
        Fd duplicate = keep(socket.duplicate());

        assertThat(NothingLeft.flags(epoll.descriptor()) & O_CLOEXEC).isNotZero();
        assertCloseOnExec(event.descriptor(), true);
        assertCloseOnExec(duplicate.number(), true);
    }

    @Test
    void givenADescriptorInAMessage_whenItIsReceived_thenItIsCloseOnExec() throws IOException {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        DescriptorSocket sender = keep(new DescriptorSocket(pair[0], 64));
        DescriptorSocket receiver = keep(new DescriptorSocket(pair[1], 64));
        EventFd event = keep(EventFd.open());
        assertThat(sender.send(new byte[1], 0, 1, event.descriptor())).isEqualTo(1);

        assertThat(receiver.receive()).isEqualTo(1);
        Fd received = keep(receiver.takeDescriptor());

        assertCloseOnExec(received.number(), true);
    }

    @Test
    void givenAChild_whenItIsStarted_thenItsPidfdIsCloseOnExec() throws IOException {
        Child child = keep(Run.spawn("true").start());

        assertThat(NothingLeft.flags(child.descriptor()) & O_CLOEXEC).isNotZero();
        assertThat(Run.awaitEnd(child)).isEqualTo(new ExitStatus.Exited(0));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.add(resource);
        return resource;
    }

    private static void assertCloseOnExec(int descriptor, boolean nonBlocking) throws IOException {
        int flags = NothingLeft.flags(descriptor);
        assertThat(flags & O_CLOEXEC).as("O_CLOEXEC").isEqualTo(O_CLOEXEC);
        assertThat(flags & O_NONBLOCK).as("O_NONBLOCK").isEqualTo(nonBlocking ? O_NONBLOCK : 0);
    }
}
