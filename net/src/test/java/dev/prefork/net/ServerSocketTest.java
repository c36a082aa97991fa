package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.prefork.net.FakeCluster.Kind;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A ServerSocket of every kind is as the JDK's own, which is one of the kinds. SPEC D3. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
@Timeout(60)
class ServerSocketTest {
    private static final String KINDS_AND_THREADS = "dev.prefork.net.AcceptTest#kindsAndThreads";

    private static ServerSocket bound(FakeCluster cluster) throws IOException {
        ServerSocket server = cluster.openServerSocket();
        server.bind(FakeCluster.ANY_PORT);
        return server;
    }

    private static Socket connect(ServerSocket server) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    private static Accepting.Kind platformOrVirtual(int turn) {
        return turn % 2 == 0 ? Accepting.Kind.PLATFORM : Accepting.Kind.VIRTUAL;
    }

    // ---- bind ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAnUnboundServer_whenItIsAsked_thenItSaysSoAndCloses(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket untouched = cluster.openServerSocket()) {
            ServerSocket server = cluster.openServerSocket();
            assertThat(server.isBound()).isFalse();
            assertThat(server.getLocalPort()).isEqualTo(-1);
            assertThat(server.getLocalSocketAddress()).isNull();
            assertThat(server).hasToString("ServerSocket[unbound]");
            assertThat(server.getReuseAddress()).isTrue();
            assertThatThrownBy(server::accept)
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Socket is not bound yet");

            server.close();

            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Socket is closed");
            assertThat(cluster.requests).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAServer_whenItBinds_thenItHasTheAddressAndTheBrokerWasAsked(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = cluster.openServerSocket()) {
            server.bind(FakeCluster.ANY_PORT, 7);

            assertThat(server.isBound()).isTrue();
            assertThat(server.getLocalPort()).isPositive();
            assertThat(server.getInetAddress()).isEqualTo(FakeCluster.ANY_PORT.getAddress());
            assertThat(server.getChannel()).isNull();
            assertThat(server.toString())
                    .isEqualTo(
                            "ServerSocket[addr=%s,localport=%d]",
                            server.getInetAddress(), server.getLocalPort());
            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Already bound");
            if (kind.isShared() || kind == Kind.PRIVATE) {
                assertThat(cluster.requests).hasSize(1);
                assertThat(cluster.requests.getFirst().address()).isEqualTo(FakeCluster.ANY_PORT);
                assertThat(cluster.requests.getFirst().backlog()).isEqualTo(7);
            }
            assertThat(cluster.servers.everServed()).isEqualTo(kind.isShared());

            server.close();
            assertThat(server.isClosed()).isTrue();
            assertThat(server.getLocalPort()).isPositive();
            assertThat(cluster.closedSources).hasValue(kind.isShared() ? 1 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenNoAddress_whenAServerBinds_thenItHasAPortOfEveryAddress(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = cluster.openServerSocket()) {
            server.bind(null);

            assertThat(server.getInetAddress().isAnyLocalAddress()).isTrue();
            try (Socket client = connect(server);
                    Socket accepted = server.accept()) {
                assertThat(accepted.getRemoteSocketAddress())
                        .isEqualTo(client.getLocalSocketAddress());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"JDK", "NO_BROKER", "PRIVATE"})
    void givenAPortInUse_whenAServerBindsPrivately_thenItIsRefusedAndCanBindAnother(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket first = bound(cluster);
                ServerSocket second = cluster.openServerSocket()) {
            assertThatThrownBy(() -> second.bind(first.getLocalSocketAddress()))
                    .isExactlyInstanceOf(BindException.class)
                    .hasMessage("Address already in use");

            second.bind(FakeCluster.ANY_PORT);

            assertThat(second.getLocalPort()).isNotEqualTo(first.getLocalPort());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenABrokerThatRefuses_whenAServerBinds_thenItFailsAsThePrimarySaysAndCanBindAgain(
            Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = cluster.openServerSocket()) {
            cluster.beforeAnswer =
                    () -> {
                        throw new UncheckedIOException(new BindException("Address already in use"));
                    };
            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isExactlyInstanceOf(BindException.class)
                    .hasMessage("Address already in use");
            assertThat(server.isBound()).isFalse();
            cluster.beforeAnswer = () -> {};

            server.bind(FakeCluster.ANY_PORT);

            assertThat(server.isBound()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"PRIVATE", "LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenALateAnswer_whenTheServerIsClosedMeanwhile_thenTheBindFailsAndLeavesNothing(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind)) {
            ServerSocket server = cluster.openServerSocket();
            cluster.beforeAnswer =
                    () -> {
                        try {
                            server.close();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    };

            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Socket closed");

            assertThat(cluster.closedSources).hasValue(kind.isShared() ? 1 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAProbe_whenItIsClosed_thenItsPortCanBeListenedOn(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind)) {
            InetSocketAddress port;
            try (ServerSocket probe = bound(cluster)) {
                port = (InetSocketAddress) probe.getLocalSocketAddress();
            }
            if (kind.isShared()) {
                cluster.close(); // The primary lets go when the last worker does.
            }
            for (int i = 0; i < 2; i++) {
                try (ServerSocket server = cluster.openServerSocket()) {
                    server.bind(port);
                    try (Socket client = connect(server);
                            Socket accepted = server.accept()) {
                        assertThat(accepted.getLocalPort()).isEqualTo(client.getPort());
                    }
                }
                cluster.close();
            }
        }
    }

    // ---- accept ----

    @ParameterizedTest
    @MethodSource(KINDS_AND_THREADS)
    void givenABlockedAccept_whenAClientConnects_thenTheyTalk(Kind kind, Accepting.Kind thread)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = bound(cluster)) {
            Accepting serving =
                    Accepting.on(
                            thread,
                            () -> {
                                try (Socket accepted = server.accept()) {
                                    assertThat(cluster.servers.openConnections())
                                            .isEqualTo(kind.isShared() ? 1 : 0);
                                    byte[] all = accepted.getInputStream().readAllBytes();
                                    accepted.getOutputStream().write(all);
                                    return accepted.getRemoteSocketAddress();
                                }
                            });
            serving.awaitBlocked();
            try (Socket client = connect(server)) {
                client.getOutputStream().write("whole".getBytes(US_ASCII));
                client.shutdownOutput();

                assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("whole");
                assertThat(serving.result()).isEqualTo(client.getLocalSocketAddress());
                assertThat(cluster.servers.openConnections()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAConnection_whenItIsAccepted_thenItsSocketKnowsBothEnds(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = bound(cluster);
                Socket client = connect(server);
                Socket accepted = server.accept()) {
            assertThat(accepted.isConnected()).isTrue();
            assertThat(accepted.getChannel()).isNull();
            assertThat(accepted.getLocalSocketAddress()).isEqualTo(client.getRemoteSocketAddress());
            assertThat(accepted.getLocalPort()).isEqualTo(server.getLocalPort());
            assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
            assertThat(accepted.getInetAddress()).isEqualTo(client.getLocalAddress());
            accepted.setTcpNoDelay(true);
            assertThat(accepted.getTcpNoDelay()).isTrue();
            accepted.setSoTimeout(1);
            assertThatThrownBy(() -> accepted.getInputStream().read())
                    .isExactlyInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Read timed out");
        }
    }

    @ParameterizedTest
    @MethodSource(KINDS_AND_THREADS)
    void givenABlockedAccept_whenTheServerIsClosed_thenItEnds(Kind kind, Accepting.Kind thread)
            throws Exception {
        for (int timeoutMillis : new int[] {0, 60_000}) {
            try (FakeCluster cluster = new FakeCluster(kind);
                    ServerSocket server = bound(cluster)) {
                server.setSoTimeout(timeoutMillis);
                Accepting accepting = Accepting.on(thread, server::accept);
                accepting.awaitBlocked();

                server.close();

                assertThat(accepting.failure())
                        .isExactlyInstanceOf(SocketException.class)
                        .hasMessage("Socket closed");
                assertThatThrownBy(server::accept)
                        .isExactlyInstanceOf(SocketException.class)
                        .hasMessage("Socket is closed");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(KINDS_AND_THREADS)
    void givenATimeout_whenNoClientConnects_thenAcceptTimesOutAndTheServerGoesOn(
            Kind kind, Accepting.Kind thread) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = bound(cluster)) {
            server.setSoTimeout(20);
            assertThat(server.getSoTimeout()).isEqualTo(20);

            assertThat(Accepting.on(thread, server::accept).failure())
                    .isExactlyInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Accept timed out");

            server.setSoTimeout(10_000);
            Accepting accepting = Accepting.on(thread, server::accept);
            accepting.awaitBlocked();
            try (Socket client = connect(server);
                    Socket accepted = (Socket) accepting.result()) {
                assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
            }
        }
    }

    /** The time of each runs from its own call, though they accept one after the other. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenManyWaitingThreads_whenNoClientConnects_thenAllTimeOutTogether(Kind kind)
            throws Exception {
        int threads = 40;
        int timeoutMillis = 250;
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = bound(cluster)) {
            server.setSoTimeout(timeoutMillis);
            long start = System.nanoTime();
            List<Accepting> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(Accepting.on(platformOrVirtual(i), server::accept));
            }
            for (Accepting accepting : all) {
                assertThat(accepting.failure()).isExactlyInstanceOf(SocketTimeoutException.class);
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertThat(millis).isBetween((long) timeoutMillis, (long) timeoutMillis * threads / 2);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAPlatformThreadThatAccepts_whenItIsInterrupted_thenItGoesOnAccepting(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = bound(cluster)) {
            Accepting accepting = Accepting.on(Accepting.Kind.PLATFORM, server::accept);
            accepting.awaitBlocked();

            accepting.thread().interrupt();

            try (Socket client = connect(server);
                    Socket accepted = (Socket) accepting.result()) {
                assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
                assertThat(server.isClosed()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAVirtualThreadThatAccepts_whenItIsInterrupted_thenTheServerIsClosed(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = bound(cluster)) {
            Accepting accepting = Accepting.on(Accepting.Kind.VIRTUAL, server::accept);
            accepting.awaitBlocked();

            accepting.thread().interrupt();

            assertThat(accepting.failure())
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Closed by interrupt");
            assertThat(server.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenManyThreads_whenClientsConnect_thenEachConnectionIsAcceptedOnce(Kind kind)
            throws Exception {
        int clients = 40;
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = bound(cluster)) {
            List<Accepting> accepts = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                accepts.add(Accepting.on(platformOrVirtual(i), server::accept));
            }
            Set<SocketAddress> connected = new HashSet<>();
            List<Socket> open = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Socket client = connect(server);
                open.add(client);
                connected.add(client.getLocalSocketAddress());
            }

            Set<SocketAddress> accepted = new HashSet<>();
            for (Accepting accepting : accepts) {
                Socket connection = (Socket) accepting.result();
                open.add(connection);
                accepted.add(connection.getRemoteSocketAddress());
            }

            assertThat(accepted).isEqualTo(connected);
            for (Socket socket : open) {
                socket.close();
            }
            assertThat(cluster.servers.openConnections()).isZero();
        }
    }

    /** As SSLServerSocket does it. */
    private static final class OwnSockets extends ServerSocket {
        static final class Own extends Socket {}

        OwnSockets(SocketImpl inside) {
            super(inside);
        }

        @Override
        public Socket accept() throws IOException {
            Own socket = new Own();
            implAccept(socket);
            return socket;
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "JDK", mode = EnumSource.Mode.EXCLUDE)
    void givenAServerWithSocketsOfItsOwn_whenItAccepts_thenTheyAreConnected(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server =
                        new OwnSockets(
                                ServerSocketSharing.open(
                                        (ClusterSelectorProvider) cluster.provider()))) {
            server.bind(FakeCluster.ANY_PORT);
            try (Socket client = connect(server);
                    Socket accepted = server.accept()) {
                assertThat(accepted).isInstanceOf(OwnSockets.Own.class);
                client.getOutputStream().write('x');
                assertThat(accepted.getInputStream().read()).isEqualTo('x');
            }
            assertThat(cluster.servers.openConnections()).isZero();
        }
    }

    // ---- options ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenOptions_whenTheyAreSetBeforeAndAfterBind_thenTheyAreAsTheJdkHasThem(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket jdk = new ServerSocket();
                ServerSocket server = cluster.openServerSocket()) {
            assertThat(server.supportedOptions()).isEqualTo(jdk.supportedOptions());
            server.setReuseAddress(false);
            server.setReceiveBufferSize(8192);
            server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            server.setOption(StandardSocketOptions.IP_TOS, 0x10);
            server.bind(FakeCluster.ANY_PORT);

            assertThat(server.getReuseAddress()).isFalse();
            assertThat(server.getReceiveBufferSize()).isEqualTo(8192);
            assertThat(server.getOption(StandardSocketOptions.SO_REUSEPORT)).isTrue();
            assertThat(server.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(0x10);
            assertThatThrownBy(() -> server.setOption(StandardSocketOptions.TCP_NODELAY, true))
                    .isInstanceOf(UnsupportedOperationException.class);
            server.close();
            assertThatThrownBy(() -> server.setReuseAddress(true))
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Socket is closed");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAReceiveBufferOfTheServer_whenAConnectionIsAccepted_thenItHasTheSame(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = cluster.openServerSocket()) {
            server.setReceiveBufferSize(20_000);
            server.bind(FakeCluster.ANY_PORT);
            assertAcceptedHas(server.getReceiveBufferSize(), server);

            server.setOption(StandardSocketOptions.SO_RCVBUF, 30_000);
            assertAcceptedHas(server.getReceiveBufferSize(), server);
        }
    }

    private static void assertAcceptedHas(int receiveBuffer, ServerSocket server)
            throws IOException {
        try (Socket client = connect(server);
                Socket accepted = server.accept()) {
            assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
            assertThat(accepted.getReceiveBufferSize()).isEqualTo(receiveBuffer);
        }
    }

    // ---- the worker leaves ----

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenABlockedAcceptAndAReader_whenTheWorkerRetires_thenTheServerIsSilentUntilTheReaderEnds(
            Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = bound(cluster);
                Socket client = connect(server);
                Socket accepted = server.accept()) {
            Accepting accepting = Accepting.on(Accepting.Kind.PLATFORM, server::accept);
            Accepting reading =
                    Accepting.on(Accepting.Kind.PLATFORM, () -> accepted.getInputStream().read());
            accepting.awaitBlocked();
            reading.awaitBlocked();

            CompletableFuture<Void> retired = cluster.servers.retire();

            assertThat(retired).isNotDone();
            assertThat(server.isClosed()).isFalse();
            assertThat(accepting.isDone()).isFalse();
            accepted.close();
            assertThat(reading.failure()).isExactlyInstanceOf(SocketException.class);
            await().until(retired::isDone);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            server.close();
            assertThat(accepting.failure()).isExactlyInstanceOf(SocketException.class);
            try (ServerSocket late = cluster.openServerSocket()) {
                assertThatThrownBy(() -> late.bind(FakeCluster.ANY_PORT))
                        .isInstanceOf(WorkerLeavingException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"JDK", "HANDOFF", "STEERED"})
    void givenASocketThatNobodyHasAnyMore_whenItIsCollected_thenItsConnectionIsClosed(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocket server = bound(cluster);
                Socket client = connect(server)) {
            Accepting reading =
                    Accepting.on(Accepting.Kind.PLATFORM, () -> client.getInputStream().read());
            assertThat(server.accept().getPort()).isEqualTo(client.getLocalPort());

            await().until(
                            () -> {
                                System.gc();
                                return reading.isDone();
                            });

            assertThat(reading.result()).isEqualTo(-1);
            await().untilAsserted(() -> assertThat(cluster.servers.openConnections()).isZero());
        }
    }
}
