package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.net.FakeCluster.Kind;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The socket of a channel is as the JDK's own, which is one of the kinds. SPEC D3. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
@Timeout(60)
class AdaptorTest {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAnUnboundServer_whenItsSocketIsAsked_thenItIsUnbound(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open()) {
            ServerSocket socket = server.socket();

            assertThat(server.socket()).isSameAs(socket);
            assertThat(socket.getChannel()).isSameAs(server);
            assertThat(socket.isBound()).isFalse();
            assertThat(socket.isClosed()).isFalse();
            assertThat(socket.getLocalPort()).isEqualTo(-1);
            assertThat(socket.getInetAddress()).isNull();
            assertThat(socket.getLocalSocketAddress()).isNull();
            assertThat(socket).hasToString("ServerSocket[unbound]");
            assertThatThrownBy(socket::accept)
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Socket is not bound yet");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenASocket_whenItIsBound_thenTheChannelIsToo(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open()) {
            ServerSocket socket = server.socket();
            socket.bind(FakeCluster.ANY_PORT);

            InetSocketAddress local = (InetSocketAddress) server.getLocalAddress();
            assertThat(socket.isBound()).isTrue();
            assertThat(socket.getLocalPort()).isEqualTo(local.getPort());
            assertThat(socket.getInetAddress()).isEqualTo(local.getAddress());
            assertThat(socket.getLocalSocketAddress()).isEqualTo(local);
            assertThat(socket)
                    .hasToString("ServerSocket[addr=/127.0.0.1,localport=" + local.getPort() + "]");
            assertThatThrownBy(() -> socket.bind(FakeCluster.ANY_PORT))
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Already bound");
            assertThatThrownBy(() -> server.socket().setSoTimeout(-1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAnAddressItCannotHave_whenTheSocketBinds_thenItSaysSoInTheJdksWords(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open()) {
            assertThatThrownBy(
                            () -> server.socket().bind(InetSocketAddress.createUnresolved("x", 1)))
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Unresolved address");
            assertThatThrownBy(() -> server.socket().bind(UnixDomainSocketAddress.of("/nowhere/x")))
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Unsupported address type");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenNoAddress_whenTheSocketBinds_thenItHasAPort(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open()) {
            server.socket().bind(null);

            assertThat(server.socket().getLocalPort()).isPositive();
            assertThat(server.socket().getInetAddress().isAnyLocalAddress()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.prefork.net.AcceptTest#kindsAndThreads")
    void givenATimeout_whenNoClientConnects_thenAcceptTimesOutAndTheServerGoesOn(
            Kind kind, Accepting.Kind thread) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            ServerSocket socket = server.socket();
            socket.setSoTimeout(20);
            assertThat(socket.getSoTimeout()).isEqualTo(20);

            assertThat(Accepting.on(thread, socket::accept).failure())
                    .isExactlyInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Accept timed out");

            socket.setSoTimeout(10_000);
            Accepting accepting = Accepting.on(thread, socket::accept);
            accepting.awaitBlocked();
            try (SocketChannel client = FakeCluster.connect(server);
                    Socket accepted = (Socket) accepting.result()) {
                assertThat(accepted.getRemoteSocketAddress()).isEqualTo(client.getLocalAddress());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.prefork.net.AcceptTest#kindsAndThreads")
    void givenABlockedAccept_whenTheSocketIsClosed_thenItEnds(Kind kind, Accepting.Kind thread)
            throws Exception {
        for (int timeout : new int[] {0, 60_000}) {
            try (FakeCluster cluster = new FakeCluster(kind);
                    ServerSocketChannel server = cluster.bound()) {
                ServerSocket socket = server.socket();
                socket.setSoTimeout(timeout);
                Accepting accepting = Accepting.on(thread, socket::accept);
                accepting.awaitBlocked();

                socket.close();

                assertThat(accepting.failure())
                        .isExactlyInstanceOf(AsynchronousCloseException.class);
                assertThat(socket.isClosed()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenANonBlockingServer_whenItsSocketAccepts_thenTheModeIsIllegal(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            server.configureBlocking(false);

            assertThatThrownBy(server.socket()::accept)
                    .isInstanceOf(IllegalBlockingModeException.class);
            server.socket().setSoTimeout(10);
            assertThatThrownBy(server.socket()::accept)
                    .isInstanceOf(IllegalBlockingModeException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenOptions_whenTheyAreSetOnTheSocket_thenTheyAreTheChannels(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open()) {
            ServerSocket socket = server.socket();
            socket.setReuseAddress(false);
            socket.setReceiveBufferSize(8192);

            assertThat(socket.getReuseAddress()).isFalse();
            assertThat(socket.getReceiveBufferSize())
                    .isEqualTo(server.getOption(StandardSocketOptions.SO_RCVBUF));
            assertThat(socket.setOption(StandardSocketOptions.SO_REUSEADDR, true)).isSameAs(socket);
            assertThat(socket.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
            assertThat(socket.supportedOptions()).isEqualTo(server.supportedOptions());
            assertThatThrownBy(() -> socket.setReceiveBufferSize(0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAClosedServer_whenItsSocketIsUsed_thenItSaysSo(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind)) {
            ServerSocketChannel server = cluster.bound();
            ServerSocket socket = server.socket();
            int port = socket.getLocalPort();
            server.close();

            assertThat(socket.isClosed()).isTrue();
            assertThat(socket.getLocalPort()).isEqualTo(port);
            assertThatThrownBy(socket::accept).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> socket.bind(FakeCluster.ANY_PORT))
                    .isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> socket.setSoTimeout(1))
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Socket is closed");
            assertThatThrownBy(socket::getReuseAddress)
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Socket is closed");
        }
    }
}
