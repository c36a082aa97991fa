package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.prefork.net.FakeCluster.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Every kind of channel accepts as the JDK's own does, which is one of the kinds. SPEC D3. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
@Timeout(60)
class AcceptTest {
    static Stream<Arguments> kindsAndThreads() {
        return Stream.of(Kind.values())
                .flatMap(
                        kind ->
                                Stream.of(Accepting.Kind.values())
                                        .map(thread -> Arguments.of(kind, thread)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndThreads")
    void givenABlockedAccept_whenAClientConnects_thenItGetsTheConnection(
            Kind kind, Accepting.Kind thread) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            Accepting accepting = Accepting.on(thread, server::accept);
            accepting.awaitBlocked();

            try (SocketChannel client = FakeCluster.connect(server);
                    SocketChannel accepted = (SocketChannel) accepting.result()) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndThreads")
    void givenABlockedAccept_whenTheServerIsClosed_thenItEnds(Kind kind, Accepting.Kind thread)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            Accepting accepting = Accepting.on(thread, server::accept);
            accepting.awaitBlocked();

            server.close();

            assertThat(accepting.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndThreads")
    void givenABlockedAccept_whenItsThreadIsInterrupted_thenTheServerIsClosed(
            Kind kind, Accepting.Kind thread) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            Accepting accepting = Accepting.on(thread, server::accept);
            accepting.awaitBlocked();

            accepting.thread().interrupt();

            assertThat(accepting.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
            assertThat(server.isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAnInterruptedThread_whenItAccepts_thenTheServerIsClosedAndNoConnectionLeaks(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound();
                SocketChannel client = FakeCluster.connect(server)) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(server::accept)
                    .isExactlyInstanceOf(ClosedByInterruptException.class);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(server.isOpen()).isFalse();
            assertThat(client.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenSeveralBlockedAccepts_whenTheServerIsClosed_thenAllEnd(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            List<Accepting> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                for (Accepting.Kind thread : Accepting.Kind.values()) {
                    all.add(Accepting.on(thread, server::accept));
                }
            }
            await().until(() -> all.stream().anyMatch(Accepting::isBlocked));

            server.close();

            for (Accepting accepting : all) {
                assertThat(accepting.failure()).isInstanceOf(ClosedChannelException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenSeveralThreads_whenClientsConnect_thenEachConnectionIsAcceptedOnce(Kind kind)
            throws Exception {
        int clients = 40;
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            List<Accepting> accepts = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Accepting.Kind thread =
                        i % 2 == 0 ? Accepting.Kind.PLATFORM : Accepting.Kind.VIRTUAL;
                accepts.add(Accepting.on(thread, server::accept));
            }
            Set<SocketAddress> connected = new HashSet<>();
            List<SocketChannel> open = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                SocketChannel client = FakeCluster.connect(server);
                open.add(client);
                connected.add(client.getLocalAddress());
            }

            Set<SocketAddress> accepted = new HashSet<>();
            for (Accepting accepting : accepts) {
                SocketChannel connection = (SocketChannel) accepting.result();
                open.add(connection);
                accepted.add(connection.getRemoteAddress());
            }

            assertThat(accepted).isEqualTo(connected);
            for (SocketChannel channel : open) {
                channel.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAnUnboundServer_whenItAccepts_thenItIsNotYetBound(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open()) {
            assertThatThrownBy(server::accept).isInstanceOf(NotYetBoundException.class);
            server.configureBlocking(false);
            assertThatThrownBy(server::accept).isInstanceOf(NotYetBoundException.class);
            assertThat(server.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAClosedServer_whenItAccepts_thenItIsClosed(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind)) {
            ServerSocketChannel server = cluster.bound();
            server.close();

            assertThatThrownBy(server::accept).isExactlyInstanceOf(ClosedChannelException.class);
            assertThat(server.toString()).endsWith("[closed]");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenANonBlockingServer_whenItAccepts_thenItGetsAConnectionOrNone(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            server.configureBlocking(false);
            assertThat(server.accept()).isNull();

            try (SocketChannel client = FakeCluster.connect(server);
                    SocketChannel accepted = acceptSoon(server)) {
                assertThat(accepted.isBlocking()).isTrue();
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                assertThat(server.accept()).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAServerMadeBlockingAgain_whenAClientConnects_thenItAccepts(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            server.configureBlocking(false);
            server.configureBlocking(true);

            try (SocketChannel client = FakeCluster.connect(server);
                    SocketChannel accepted = server.accept()) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndThreads")
    void givenAConnection_whenOneSideEndsItsOutput_thenTheOtherReadsTheEndAndCanStillWrite(
            Kind kind, Accepting.Kind thread) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            Accepting serving =
                    Accepting.on(
                            thread,
                            () -> {
                                try (SocketChannel accepted = server.accept()) {
                                    ByteBuffer bytes = ByteBuffer.allocate(100);
                                    int end = 0;
                                    while (end != -1) {
                                        end = accepted.read(bytes);
                                    }
                                    accepted.write(bytes.flip());
                                    return accepted.getRemoteAddress();
                                }
                            });
            try (SocketChannel client = FakeCluster.connect(server)) {
                Socket socket = client.socket();
                socket.getOutputStream().write("whole".getBytes(US_ASCII));
                socket.shutdownOutput();

                assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("whole");
                assertThat(serving.result()).isEqualTo(client.getLocalAddress());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAConnection_whenItIsAccepted_thenItIsAGenuineJdkChannel(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound();
                SocketChannel client = FakeCluster.connect(server);
                SocketChannel accepted = server.accept()) {
            assertThat(accepted.isConnected()).isTrue();
            assertThat(accepted.provider()).isSameAs(server.provider());
            assertThat(accepted.getLocalAddress()).isEqualTo(client.getRemoteAddress());
            assertThat(accepted.socket().getRemoteSocketAddress())
                    .isEqualTo(client.getLocalAddress());
            assertThat(accepted.getClass().getPackageName()).isEqualTo("sun.nio.ch");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"PRIVATE", "LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenAClientThatResetItsConnection_whenTheServerAccepts_thenTheNextOneIsAccepted(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            SocketChannel gone = FakeCluster.connect(server);
            gone.setOption(StandardSocketOptions.SO_LINGER, 0);
            gone.close();

            try (SocketChannel client = FakeCluster.connect(server);
                    SocketChannel accepted = server.accept()) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                assertThat(cluster.servers.openConnections()).isEqualTo(kind.isShared() ? 1 : 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAReceiveBufferOfTheServer_whenAConnectionIsAccepted_thenItHasTheSame(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open()) {
            for (int bytes : new int[] {20_000, 30_000}) {
                server.setOption(StandardSocketOptions.SO_RCVBUF, bytes);
                if (server.getLocalAddress() == null) {
                    server.bind(FakeCluster.ANY_PORT);
                }
                try (SocketChannel client = FakeCluster.connect(server);
                        SocketChannel accepted = server.accept()) {
                    assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                    assertThat(accepted.getOption(StandardSocketOptions.SO_RCVBUF))
                            .isEqualTo(server.getOption(StandardSocketOptions.SO_RCVBUF));
                }
            }
        }
    }

    @Test
    void givenAHandoff_whenThePrimaryGoes_thenTheServerIsSilentAndDoesNotSpin() throws Exception {
        try (FakeCluster cluster = new FakeCluster(Kind.HANDOFF);
                ServerSocketChannel server = cluster.bound()) {
            server.configureBlocking(false);
            cluster.close();

            assertThat(server.accept()).isNull();

            int descriptor = ((sun.nio.ch.SelChImpl) server).getFDVal();
            assertThat(Polled.isReadable(descriptor)).isFalse();
            assertThat(server.isOpen()).isTrue();
        }
    }

    private static SocketChannel acceptSoon(ServerSocketChannel server) throws Exception {
        SocketChannel accepted = server.accept();
        while (accepted == null) {
            Thread.onSpinWait();
            accepted = server.accept();
        }
        return accepted;
    }
}
