package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.net.FakeCluster.Kind;
import dev.prefork.posix.EventFd;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** SPEC A19. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
@Timeout(120)
class RetireTest {
    @Test
    void givenNoServer_whenTheWorkerRetires_thenAllIsClosedAtOnce() {
        OpenServers servers = new OpenServers();

        assertThat(servers.everServed()).isFalse();
        assertThat(servers.retire()).isDone();
        assertThat(servers.retire()).isSameAs(servers.retire());
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenOpenConnections_whenTheWorkerRetires_thenItWaitsForTheLastOne(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound();
                SocketChannel client = FakeCluster.connect(server);
                SocketChannel second = FakeCluster.connect(server)) {
            SocketChannel accepted = server.accept();
            SocketChannel acceptedSecond = server.accept();

            CompletableFuture<Void> retired = cluster.servers.retire();

            assertThat(cluster.closedSources).hasValue(1);
            assertThat(server.isOpen()).isTrue();
            assertThat(retired).isNotDone();
            accepted.close();
            accepted.close();
            assertThat(retired).isNotDone();
            acceptedSecond.socket().close();
            assertThat(retired).isDone();
            assertThat(client.isOpen() && second.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenARetiredWorker_whenClientsStillConnect_thenItsServersAreSilent(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                Selector selector = Selector.open();
                ServerSocketChannel server = cluster.bound()) {
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);

            assertThat(cluster.servers.retire()).isDone();

            try (SocketChannel client = FakeCluster.connect(server)) {
                assertThat(client.isConnected()).isTrue();
                assertThat(server.accept()).isNull();
                assertThat(selector.selectNow()).isZero();
                assertThat(server.isOpen()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenABlockedAccept_whenTheWorkerRetires_thenItStaysBlockedUntilTheServerIsClosed(
            Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            Accepting accepting = Accepting.on(Accepting.Kind.PLATFORM, server::accept);
            accepting.awaitBlocked();

            assertThat(cluster.servers.retire().get(10, TimeUnit.SECONDS)).isNull();

            accepting.awaitBlocked();
            assertThat(accepting.isDone()).isFalse();
            server.close();
            assertThat(accepting.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(cluster.closedSources).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenARetiredWorker_whenAServerBinds_thenItIsToldThatTheWorkerIsDisconnecting(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open()) {
            assertThat(cluster.servers.retire()).isDone();

            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isInstanceOf(WorkerLeavingException.class)
                    .hasMessageContaining("disconnecting");
            assertThat(cluster.closedSources).hasValue(1);
        }
    }

    @Test
    void givenARetiredWorker_whenAServerOfItsOwnBinds_thenItAccepts() throws Exception {
        try (FakeCluster cluster = new FakeCluster(Kind.PRIVATE);
                ServerSocketChannel server = cluster.open()) {
            assertThat(cluster.servers.retire()).isDone();

            var _ = server.bind(FakeCluster.ANY_PORT);

            try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
                    SocketChannel accepted = server.accept()) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenABindUnderWay_whenTheWorkerRetires_thenTheBindIsRefusedAndItsSourceClosed(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open()) {
            cluster.beforeAnswer = () -> assertThat(cluster.servers.retire()).isDone();

            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isInstanceOf(WorkerLeavingException.class)
                    .hasMessageContaining("disconnecting");

            assertThat(cluster.closedSources).hasValue(1);
            assertThat(server.getLocalAddress()).isNull();
            assertThat(cluster.servers.everServed()).isFalse();
        }
    }

    @Test
    void givenAServerThatCannotBeSilenced_whenTheWorkerRetires_thenTheOthersAreAndItIsToldOnce()
            throws Exception {
        OpenServers servers = new OpenServers();
        AtomicInteger silenced = new AtomicInteger();
        List<Exception> faults =
                List.of(
                        new IOException("no descriptor"),
                        new UncheckedIOException(new IOException("unwatched")),
                        new IllegalStateException("broken"));
        for (Exception fault : faults) {
            servers.add(silenced::incrementAndGet);
            servers.add(
                    () -> {
                        throw fault;
                    });
        }
        OpenConnection open = servers.opening();

        try (Logged logged = Logged.by(OpenServers.class)) {
            CompletableFuture<Void> retired = servers.retire();

            assertThat(silenced).hasValue(3);
            assertThat(retired).isNotDone();
            open.closed();
            assertThat(retired).isCompleted();
            assertThat(logged.faults()).containsExactlyInAnyOrderElementsOf(faults);
            assertThat(servers.retire()).isCompleted();
            assertThat(logged.faults()).hasSize(3);
        }
    }

    @Test
    void givenAnErrorInOneServer_whenTheWorkerRetires_thenItsConnectionsAreWaitedForAllTheSame()
            throws Exception {
        OpenServers servers = new OpenServers();
        NoClassDefFoundError fault = new NoClassDefFoundError("the jar is gone");
        servers.add(
                () -> {
                    throw fault;
                });

        try (Logged logged = Logged.by(OpenServers.class)) {
            assertThat(servers.retire()).isCompleted();
            assertThat(logged.faults()).containsExactly(fault);
        }
    }

    /** A source whose descriptor somebody has closed: it cannot be taken out of an epoll. */
    private static final class Broken implements ConnectionSource {
        private final EventFd event = EventFd.open();
        private final int descriptor = event.descriptor();
        private boolean closed;

        Broken() throws IOException {}

        @Override
        public SocketAddress localAddress() {
            return FakeCluster.ANY_PORT;
        }

        @Override
        public int descriptor() {
            return descriptor;
        }

        @Override
        public Fd take() {
            return null;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void givenASourceThatCannotBeUnwatched_whenTheWorkerRetires_thenItIsClosedAllTheSame()
            throws Exception {
        OpenServers servers = new OpenServers();
        Broken source = new Broken();
        try (ServerSocketChannel server = bound(source, servers);
                Logged logged = Logged.by(OpenServers.class)) {
            source.event.close();

            assertThat(servers.retire()).isCompleted();

            assertThat(source.closed).isTrue();
            assertThat(server.isOpen()).isTrue();
            assertThat(logged.faults()).singleElement().isInstanceOf(PosixException.class);
        }
    }

    @Test
    void givenASourceThatCannotBeUnwatched_whenTheServerIsClosed_thenAllOfItIs() throws Exception {
        OpenServers servers = new OpenServers();
        Broken source = new Broken();
        ServerSocketChannel server = bound(source, servers);
        source.event.close();

        assertThatThrownBy(server::close).isInstanceOf(PosixException.class);

        assertThat(source.closed).isTrue();
        assertThat(server.isOpen()).isFalse();
        assertThat(servers.retire()).isCompleted();
    }

    private static ServerSocketChannel bound(ConnectionSource source, OpenServers servers)
            throws IOException {
        ListenBroker broker = request -> Optional.of(source);
        return new ClusterSelectorProvider(() -> Optional.of(broker), servers)
                .openServerSocketChannel()
                .bind(FakeCluster.ANY_PORT);
    }

    @Test
    void givenAPrivateServer_whenTheWorkerRetires_thenItGoesOnAndIsNotWaitedFor() throws Exception {
        try (FakeCluster cluster = new FakeCluster(Kind.PRIVATE);
                ServerSocketChannel server = cluster.bound();
                SocketChannel client = FakeCluster.connect(server);
                SocketChannel accepted = server.accept()) {
            assertThat(cluster.servers.retire()).isDone();

            try (SocketChannel later = FakeCluster.connect(server);
                    SocketChannel acceptedLater = server.accept()) {
                assertThat(acceptedLater.getRemoteAddress()).isEqualTo(later.getLocalAddress());
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
            }
        }
    }

    @Test
    void givenATakeUnderWay_whenTheWorkerRetires_thenItWaitsForThatConnectionToo()
            throws Exception {
        OpenServers servers = new OpenServers();
        List<CompletableFuture<Void>> retired = new ArrayList<>();
        QueueSource source = new QueueSource(FakeCluster.ANY_PORT, () -> {});
        ListenBroker broker = request -> Optional.of(source);
        try (Fd listener = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);
                ServerSocketChannel server =
                        new ClusterSelectorProvider(() -> Optional.of(broker), servers)
                                .openServerSocketChannel()) {
            Sockets.bind(listener.number(), FakeCluster.ANY_PORT);
            Sockets.listen(listener.number(), 1);
            server.bind(FakeCluster.ANY_PORT);
            try (SocketChannel client =
                    SocketChannel.open(Sockets.localAddress(listener.number()))) {
                Fd connection = Fd.owning(Sockets.accept(listener.number()));
                // The answer is given after the connection left the queue, before it is a channel.
                source.offer(connection, answer -> retired.add(servers.retire()));

                try (SocketChannel accepted = server.accept()) {
                    assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                    assertThat(retired).hasSize(1);
                    assertThat(retired.getFirst()).isNotDone();
                }
            }
            assertThat(retired.getFirst()).isDone();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenAcceptsAndARetireAtTheSameTime_whenAllIsClosed_thenNoConnectionWasForgotten(Kind kind)
            throws Exception {
        for (int i = 0; i < 100; i++) {
            try (FakeCluster cluster = new FakeCluster(kind);
                    ServerSocketChannel server = cluster.bound()) {
                List<SocketChannel> clients = new ArrayList<>();
                for (int c = 0; c < 4; c++) {
                    clients.add(FakeCluster.connect(server));
                }
                Accepting accepting =
                        Accepting.on(
                                Accepting.Kind.PLATFORM,
                                () -> {
                                    for (int c = 0; c < 4; c++) {
                                        try (SocketChannel accepted = server.accept()) {
                                            // It is open, so nobody may believe that all are
                                            // closed.
                                            CompletableFuture<Void> retired =
                                                    cluster.servers.retire();
                                            assertThat(retired).isNotDone();
                                            assertThat(accepted.isOpen()).isTrue();
                                        }
                                    }
                                    return null;
                                });
                for (int turns = i * 20; turns > 0; turns--) {
                    Thread.onSpinWait();
                }
                CompletableFuture<Void> retired = cluster.servers.retire();
                retired.get(10, TimeUnit.SECONDS);
                server.close();
                assertThat(accepting.failure()).isInstanceOf(java.io.IOException.class);
                assertThat(cluster.servers.openConnections()).isZero();
                for (SocketChannel client : clients) {
                    client.close();
                }
            }
        }
    }
}
