package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.prefork.net.AsynchronousCluster.Threads;
import dev.prefork.net.FakeCluster.Kind;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Every kind of asynchronous channel accepts as the JDK's, which is one of the kinds. SPEC D3. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
@Timeout(60)
class AsynchronousAcceptTest {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAWaitingHandler_whenAClientConnects_thenTheGroupTellsItOfTheConnection(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.bound()) {
            Completion accept = new Completion();
            server.accept("attached", accept);

            try (SocketChannel client = AsynchronousCluster.connect(server);
                    AsynchronousSocketChannel accepted = accept.connection()) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                assertThat(accept.attachment()).isEqualTo("attached");
                assertThat(accept.thread().getName()).startsWith("group-");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAWaitingFuture_whenAClientConnects_thenItHasTheConnection(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.bound()) {
            Future<AsynchronousSocketChannel> accept = server.accept();
            assertThat(accept.isDone()).isFalse();

            try (SocketChannel client = AsynchronousCluster.connect(server);
                    AsynchronousSocketChannel accepted = Completion.connection(accept)) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                assertThat(accept.cancel(true)).isFalse();
                assertThat(server.isOpen()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenClientsThatWait_whenTheServerAccepts_thenNoHandlerRunsOnTheCallersStack(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.bound();
                SocketChannel first = AsynchronousCluster.connect(server);
                SocketChannel second = AsynchronousCluster.connect(server)) {
            Completion fromOutside = new Completion();
            server.accept("outside", fromOutside);
            Completion fromInside = new Completion();
            CompletableFuture<Boolean> doneAtReturn = new CompletableFuture<>();
            try (AsynchronousSocketChannel one = fromOutside.connection()) {
                inGroup(
                        cluster,
                        () -> {
                            server.accept("inside", fromInside);
                            doneAtReturn.complete(
                                    fromInside.thread() == Thread.currentThread()
                                            && fromInside.isDone());
                        });
                try (AsynchronousSocketChannel two = fromInside.connection()) {
                    assertThat(fromOutside.thread().getName()).startsWith("group-");
                    assertThat(doneAtReturn.get(10, TimeUnit.SECONDS)).isFalse();
                    assertThat(Set.of(one.getRemoteAddress(), two.getRemoteAddress()))
                            .isEqualTo(Set.of(first.getLocalAddress(), second.getLocalAddress()));
                }
            }
        }
    }

    /** Runs something in a handler: a read that has nothing to read ends at once. */
    private static void inGroup(AsynchronousCluster cluster, Runnable task) throws IOException {
        AsynchronousSocketChannel unconnected =
                cluster.provider.openAsynchronousSocketChannel(cluster.group);
        unconnected.close();
        unconnected.connect(
                FakeCluster.ANY_PORT,
                null,
                new CompletionHandler<Void, Void>() {
                    @Override
                    public void completed(Void result, Void attachment) {
                        throw new AssertionError("it is closed");
                    }

                    @Override
                    public void failed(Throwable closed, Void attachment) {
                        task.run();
                    }
                });
    }

    static Stream<Arguments> kindsAndThreads() {
        return Stream.of(Kind.values())
                .flatMap(
                        kind ->
                                Stream.of(Threads.values())
                                        .map(threads -> Arguments.of(kind, threads)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndThreads")
    void
            givenAHandlerThatAcceptsAgain_whenManyClientsConnect_thenEachIsAcceptedOnceWithoutRecursion(
                    Kind kind, Threads threads) throws Exception {
        int count = 200;
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind, threads);
                AsynchronousServerSocketChannel server = cluster.bound()) {
            Set<SocketAddress> accepted = ConcurrentHashMap.newKeySet();
            CountDownLatch left = new CountDownLatch(count);
            AtomicInteger deepest = new AtomicInteger();
            ThreadLocal<Integer> depth = ThreadLocal.withInitial(() -> 0);
            List<Throwable> failures = new ArrayList<>();
            server.accept(
                    null,
                    new CompletionHandler<AsynchronousSocketChannel, Void>() {
                        @Override
                        public void completed(AsynchronousSocketChannel connection, Void none) {
                            depth.set(depth.get() + 1);
                            deepest.accumulateAndGet(depth.get(), Math::max);
                            try (connection) {
                                accepted.add(connection.getRemoteAddress());
                            } catch (IOException e) {
                                failures.add(e);
                            }
                            if (accepted.size() < count) {
                                server.accept(null, this);
                            }
                            left.countDown();
                            depth.set(depth.get() - 1);
                        }

                        @Override
                        public void failed(Throwable failure, Void none) {
                            failures.add(failure);
                        }
                    });
            Set<SocketAddress> connected = new HashSet<>();
            List<SocketChannel> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clients.add(AsynchronousCluster.connect(server));
                connected.add(clients.getLast().getLocalAddress());
            }

            assertThat(left.await(30, TimeUnit.SECONDS)).as("left %s", left).isTrue();

            assertThat(accepted).isEqualTo(connected);
            assertThat(failures).isEmpty();
            assertThat(deepest).hasValueLessThanOrEqualTo(16);
            for (SocketChannel client : clients) {
                client.close();
            }
            assertThat(cluster.fake.servers.openConnections()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAConnection_whenItIsAccepted_thenItIsAGenuineJdkChannelOfTheSameGroup(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.bound();
                Socket client = new Socket()) {
            client.connect(server.getLocalAddress());
            try (AsynchronousSocketChannel accepted = Completion.connection(server.accept())) {
                client.getOutputStream().write("whole".getBytes(US_ASCII));
                client.shutdownOutput();
                ByteBuffer bytes = ByteBuffer.allocate(100);
                while (accepted.read(bytes).get(10, TimeUnit.SECONDS) >= 0) {
                    // until the end
                }
                accepted.write(bytes.flip()).get(10, TimeUnit.SECONDS);
                accepted.shutdownOutput();

                assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("whole");
                assertThat(accepted.getLocalAddress()).isEqualTo(client.getRemoteSocketAddress());
                assertThat(accepted.provider()).isSameAs(server.provider());
                assertThat(accepted.getClass().getPackageName()).isEqualTo("sun.nio.ch");
                cluster.group.shutdownNow();
                assertThat(accepted.isOpen()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAPendingAccept_whenTheServerAcceptsAgain_thenTheSecondIsRefusedAndTheFirstGoesOn(
            Kind kind) throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.bound()) {
            Completion accept = new Completion();
            server.accept(null, accept);

            assertThatThrownBy(server::accept).isInstanceOf(AcceptPendingException.class);
            assertThatThrownBy(() -> server.accept(null, new Completion()))
                    .isInstanceOf(AcceptPendingException.class);

            try (SocketChannel client = AsynchronousCluster.connect(server);
                    AsynchronousSocketChannel accepted = accept.connection()) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAnUnboundServer_whenItAccepts_thenItIsNotYetBound(Kind kind) throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.open()) {
            assertThatThrownBy(server::accept).isInstanceOf(NotYetBoundException.class);
            assertThatThrownBy(() -> server.accept(null, new Completion()))
                    .isInstanceOf(NotYetBoundException.class);
            assertThatThrownBy(() -> server.accept(null, null))
                    .isInstanceOf(NullPointerException.class);
            assertThat(server.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenACancelledAccept_whenTheServerAcceptsAgain_thenItIsRefused(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.bound()) {
            Future<AsynchronousSocketChannel> accept = server.accept();

            assertThat(accept.cancel(false)).isTrue();

            assertThat(accept.isCancelled()).isTrue();
            assertThatThrownBy(() -> accept.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(CancellationException.class);
            assertThat(server.isOpen()).isTrue();
            assertThatThrownBy(server::accept).isInstanceOf(RuntimeException.class);
            try (SocketChannel client = AsynchronousCluster.connect(server)) {
                assertThat(client.isConnected()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAPendingAccept_whenItIsCancelledByForce_thenTheServerIsClosed(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.bound()) {
            Future<AsynchronousSocketChannel> accept = server.accept();

            assertThat(accept.cancel(true)).isTrue();

            assertThat(accept.isCancelled()).isTrue();
            assertThat(server.isOpen()).isFalse();
        }
    }

    /** Differs from the JDK, which takes the connection and closes it. */
    @Test
    void givenACancelledAccept_whenAConnectionComes_thenItIsLeftToOthers() throws Exception {
        List<Boolean> answers = new ArrayList<>();
        QueueSource source = new QueueSource(FakeCluster.ANY_PORT, () -> {});
        ListenBroker broker = request -> Optional.of(source);
        try (AsynchronousCluster cluster = new AsynchronousCluster(Kind.JDK);
                AsynchronousServerSocketChannel server =
                        new ClusterAsynchronousChannelProvider(
                                        () -> Optional.of(broker), new OpenServers())
                                .openAsynchronousServerSocketChannel(cluster.group);
                AsynchronousServerSocketChannel other = cluster.bound()) {
            server.bind(FakeCluster.ANY_PORT);
            assertThat(server.accept().cancel(false)).isTrue();

            source.offer(
                    Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM), answers::add);
            // The group's threads have seen that event when they have seen later ones.
            for (int i = 0; i < 4; i++) {
                Future<AsynchronousSocketChannel> later = other.accept();
                AsynchronousCluster.connect(other).close();
                Completion.connection(later).close();
            }

            assertThat(answers).isEmpty();
            server.close();
            assertThat(answers).containsExactly(false);
        }
    }

    /** A source that others were faster at, twice, and that once has no descriptors left. */
    private record Contested(ListenerSource listener, AtomicInteger takes)
            implements ConnectionSource {
        @Override
        public SocketAddress localAddress() {
            return listener.localAddress();
        }

        @Override
        public int descriptor() {
            return listener.descriptor();
        }

        @Override
        public Fd take() throws IOException {
            return switch (takes.incrementAndGet()) {
                case 1, 2, 3 -> null;
                case 4 -> throw new PosixException("accept4", "fd 0", Errno.EMFILE);
                default -> listener.take();
            };
        }

        @Override
        public void close() {
            listener.close();
        }
    }

    @Test
    void givenAListenerThatOthersEmptied_whenItIsReadable_thenTheAcceptWaitsOnAndErrorsEndIt()
            throws Exception {
        Fd listener = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);
        Sockets.bind(listener.number(), FakeCluster.ANY_PORT);
        Sockets.listen(listener.number(), 50);
        SocketAddress address = Sockets.localAddress(listener.number());
        Contested source =
                new Contested(
                        ListenerSource.owning(listener, address, () -> {}), new AtomicInteger());
        ListenBroker broker = request -> Optional.of(source);
        OpenServers servers = new OpenServers();
        try (AsynchronousCluster cluster = new AsynchronousCluster(Kind.JDK);
                AsynchronousServerSocketChannel server =
                        new ClusterAsynchronousChannelProvider(() -> Optional.of(broker), servers)
                                .openAsynchronousServerSocketChannel(cluster.group)) {
            server.bind(FakeCluster.ANY_PORT);
            Completion fails = new Completion();
            server.accept(null, fails);
            try (SocketChannel client = AsynchronousCluster.connect(server)) {
                assertThat(fails.failure())
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("EMFILE");
                assertThat(source.takes()).hasValue(4);
                assertThat(servers.openConnections()).isZero();

                try (AsynchronousSocketChannel accepted = Completion.connection(server.accept())) {
                    assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                    assertThat(servers.openConnections()).isEqualTo(1);
                }
                assertThat(servers.openConnections()).isZero();
            }
        }
    }

    /** SPEC E2. A hand-off leaves the connection to the primary instead. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"JDK", "PRIVATE", "LISTENER"})
    void givenNoDescriptorLeft_whenAClientConnects_thenThatAcceptFailsAndTheNextOneWorks(Kind kind)
            throws Exception {
        try (DescriptorLimit limit = new DescriptorLimit();
                AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.bound()) {
            Completion before = new Completion();
            server.accept(null, before);
            AsynchronousCluster.connect(server).close();
            before.connection().close();
            // Classes that are loaded now need no descriptor later, as those in an open jar.
            assertThat(new PosixException("accept4", "", Errno.EMFILE)).hasMessageContaining("EMF");
            try (SocketChannel client = SocketChannel.open()) {
                limit.leaveNone();
                client.connect(server.getLocalAddress());

                assertThat(Completion.failure(server.accept()))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("Too many open files");
                assertThat(server.isOpen()).isTrue();

                limit.restore();
                try (AsynchronousSocketChannel accepted = Completion.connection(server.accept())) {
                    assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"PRIVATE", "LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenAClientThatResetItsConnection_whenTheServerAccepts_thenTheNextOneIsAccepted(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.bound()) {
            SocketChannel gone = AsynchronousCluster.connect(server);
            gone.setOption(StandardSocketOptions.SO_LINGER, 0);
            gone.close();

            try (SocketChannel client = AsynchronousCluster.connect(server);
                    AsynchronousSocketChannel accepted = Completion.connection(server.accept())) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                assertThat(cluster.fake.servers.openConnections())
                        .isEqualTo(kind.isShared() ? 1 : 0);
            }
        }
    }

    @Test
    void givenAHandoff_whenThePrimaryGoes_thenThePendingAcceptWaitsAndTheSourceIsGivenUp()
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(Kind.HANDOFF);
                AsynchronousServerSocketChannel server = cluster.bound()) {
            Future<AsynchronousSocketChannel> accept = server.accept();
            cluster.fake.close();

            org.awaitility.Awaitility.await()
                    .untilAsserted(() -> assertThat(cluster.fake.closedSources).hasValue(1));
            assertThat(accept.isDone()).isFalse();
            assertThat(server.isOpen()).isTrue();
        }
    }
}
