package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
class SocketsTest {
    @TempDir Path folder;

    @Test
    void givenAListener_whenAClientConnects_thenBothEndsAgreeOnTheAddresses() throws IOException {
        try (Fd listener = listener("127.0.0.1");
                SocketChannel client = connect(listener);
                Fd connection = accept(listener)) {
            assertThat(Sockets.localAddress(connection.number()))
                    .isEqualTo(client.getRemoteAddress());
            assertThat(Sockets.remoteAddress(connection.number()))
                    .isEqualTo(client.getLocalAddress());
            assertThat(Sockets.family(connection.number())).isEqualTo(StandardProtocolFamily.INET);
        }
    }

    @Test
    void givenNoClient_whenAConnectionIsAccepted_thenTheAnswerIsEagain() throws IOException {
        try (Fd listener = listener("127.0.0.1")) {
            assertThat(Sockets.accept(listener.number())).isEqualTo(-Errno.EAGAIN);
        }
    }

    @Test
    void givenASocketThatDoesNotListen_whenAConnectionIsAccepted_thenTheAnswerIsEinval()
            throws IOException {
        try (Fd socket = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM)) {
            assertThat(Sockets.accept(socket.number())).isEqualTo(-Errno.EINVAL);
        }
    }

    @Test
    void givenAPortInUse_whenAnotherBindsIt_thenEaddrinuseNamesTheAddress() throws IOException {
        try (Fd listener = listener("127.0.0.1");
                Fd second = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM)) {
            SocketAddress address = Sockets.localAddress(listener.number());

            assertThatThrownBy(() -> Sockets.bind(second.number(), address))
                    .isInstanceOf(PosixException.class)
                    .hasMessage("bind(" + address + "): EADDRINUSE (Address already in use)")
                    .extracting(failure -> ((PosixException) failure).errno())
                    .isEqualTo(Errno.EADDRINUSE);
        }
    }

    @Test
    void givenTwoSocketsWithReusePort_whenBothBindOnePort_thenBothListen() throws IOException {
        try (Fd first = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);
                Fd second = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM)) {
            Sockets.setOption(first.number(), Sockets.Option.REUSE_PORT, 1);
            Sockets.setOption(second.number(), Sockets.Option.REUSE_PORT, 1);
            Sockets.bind(
                    first.number(), new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            Sockets.listen(first.number(), 8);

            Sockets.bind(second.number(), Sockets.localAddress(first.number()));
            Sockets.listen(second.number(), 8);

            assertThat(Sockets.localAddress(second.number()))
                    .isEqualTo(Sockets.localAddress(first.number()));
        }
    }

    @Test
    void givenAConnection_whenTheClientResetsIt_thenTheRemoteAddressIsEnotconn()
            throws IOException {
        try (Fd listener = listener("127.0.0.1");
                SocketChannel client = connect(listener);
                Fd connection = accept(listener)) {
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
            client.close();
            assertThat(Readiness.await(connection.number(), Epoll.READABLE) & Epoll.HANG_UP)
                    .isNotZero();

            assertThatThrownBy(() -> Sockets.remoteAddress(connection.number()))
                    .isInstanceOf(PosixException.class)
                    .hasMessage(
                            "getpeername(fd "
                                    + connection.number()
                                    + "): ENOTCONN (Transport endpoint is not connected)");
        }
    }

    @Test
    void givenIpv6Only_whenAnIpv6ClientConnects_thenTheFamilyIsInet6() throws IOException {
        assumeIpv6();
        try (Fd listener = listener("::1");
                SocketChannel client = connect(listener);
                Fd connection = accept(listener)) {
            assertThat(Sockets.family(connection.number())).isEqualTo(StandardProtocolFamily.INET6);
            assertThat(Sockets.remoteAddress(connection.number()))
                    .isEqualTo(client.getLocalAddress());
        }
    }

    @Test
    void givenADualStackListener_whenAnIpv4ClientConnects_thenTheAddressIsIpv4AndTheSocketInet6()
            throws IOException {
        assumeIpv6();
        try (Fd listener = Sockets.open(StandardProtocolFamily.INET6, Sockets.Type.STREAM)) {
            Sockets.setOption(listener.number(), Sockets.Option.IPV6_ONLY, 0);
            Sockets.bind(listener.number(), new InetSocketAddress(InetAddress.ofLiteral("::"), 0));
            Sockets.listen(listener.number(), 8);
            int port = ((InetSocketAddress) Sockets.localAddress(listener.number())).getPort();
            SocketAddress ipv4 = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);

            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.INET)) {
                client.connect(ipv4);
                try (Fd connection = accept(listener)) {
                    assertThat(Sockets.remoteAddress(connection.number()))
                            .isEqualTo(client.getLocalAddress());
                    assertThat(Sockets.localAddress(connection.number())).isEqualTo(ipv4);
                    assertThat(Sockets.family(connection.number()))
                            .isEqualTo(StandardProtocolFamily.INET6);
                }
            }
        }
    }

    @Test
    void givenAUnixListener_whenAClientConnects_thenItsPathIsTheAddressAndTheClientHasNone()
            throws IOException {
        SocketAddress path = UnixDomainSocketAddress.of(folder.resolve("socket"));
        try (Fd listener = Sockets.open(StandardProtocolFamily.UNIX, Sockets.Type.STREAM)) {
            Sockets.bind(listener.number(), path);
            Sockets.listen(listener.number(), 8);
            try (SocketChannel client = SocketChannel.open(path);
                    Fd connection = accept(listener)) {
                assertThat(client.isConnected()).isTrue();
                assertThat(Sockets.localAddress(connection.number())).isEqualTo(path);
                assertThat(Sockets.remoteAddress(connection.number()))
                        .isEqualTo(UnixDomainSocketAddress.of(""));
                assertThat(Sockets.family(connection.number()))
                        .isEqualTo(StandardProtocolFamily.UNIX);
            }
        }
    }

    @Test
    void givenAFileInTheWay_whenAUnixSocketIsBound_thenEaddrinuse() throws IOException {
        Path file = Files.createFile(folder.resolve("socket"));
        try (Fd socket = Sockets.open(StandardProtocolFamily.UNIX, Sockets.Type.STREAM)) {
            assertThatThrownBy(
                            () -> Sockets.bind(socket.number(), UnixDomainSocketAddress.of(file)))
                    .isInstanceOf(PosixException.class)
                    .hasMessage("bind(" + file + "): EADDRINUSE (Address already in use)");
        }
    }

    @Test
    void givenNoName_whenTwoUnixSocketsAreBoundToIt_thenTheyDoNotMeet() throws IOException {
        try (Fd first = Sockets.open(StandardProtocolFamily.UNIX, Sockets.Type.STREAM);
                Fd second = Sockets.open(StandardProtocolFamily.UNIX, Sockets.Type.STREAM)) {
            Sockets.bind(first.number(), UnixDomainSocketAddress.of(""));
            Sockets.bind(second.number(), UnixDomainSocketAddress.of(""));

            Sockets.listen(first.number(), 1);
            Sockets.listen(second.number(), 1);
        }
    }

    @Test
    void givenADatagramSocket_whenItListens_thenEopnotsupp() throws IOException {
        try (Fd socket = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.DATAGRAM)) {
            assertThatThrownBy(() -> Sockets.listen(socket.number(), 1))
                    .isInstanceOf(PosixException.class)
                    .hasMessage(
                            "listen(fd "
                                    + socket.number()
                                    + "): EOPNOTSUPP (Operation not supported)");
        }
    }

    @Test
    void givenAnEventFd_whenItIsUsedAsASocket_thenEnotsock() throws IOException {
        try (EventFd event = EventFd.open()) {
            assertThatThrownBy(() -> Sockets.localAddress(event.descriptor()))
                    .isInstanceOf(PosixException.class)
                    .hasMessageEndingWith("ENOTSOCK (Socket operation on non-socket)");
            assertThatThrownBy(
                            () ->
                                    Sockets.setOption(
                                            event.descriptor(), Sockets.Option.REUSE_PORT, 1))
                    .isInstanceOf(PosixException.class)
                    .hasMessageStartingWith(
                            "setsockopt(fd " + event.descriptor() + ", REUSE_PORT): ENOTSOCK");
        }
    }

    private static Fd listener(String host) throws IOException {
        boolean ipv6 = host.contains(":");
        Fd listener =
                Sockets.open(
                        ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET,
                        Sockets.Type.STREAM);
        Sockets.bind(listener.number(), new InetSocketAddress(InetAddress.ofLiteral(host), 0));
        Sockets.listen(listener.number(), 8);
        return listener;
    }

    private static SocketChannel connect(Fd listener) throws IOException {
        return SocketChannel.open(Sockets.localAddress(listener.number()));
    }

    private static Fd accept(Fd listener) throws IOException {
        assertThat(Readiness.await(listener.number(), Epoll.READABLE)).isEqualTo(Epoll.READABLE);
        return Fd.owning(Sockets.accept(listener.number()));
    }

    private static void assumeIpv6() {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "this machine has no IPv6");
    }
}
