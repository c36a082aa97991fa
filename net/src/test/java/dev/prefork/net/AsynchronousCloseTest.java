package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.net.AsynchronousCluster.Threads;
import dev.prefork.net.FakeCluster.Kind;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.IllegalChannelGroupException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Every kind of asynchronous channel ends, alone or with its group, as the JDK's, which is one of
 * the kinds. SPEC D3.
 */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
@Timeout(60)
class AsynchronousCloseTest {
    /** The default group is there for ever, once it is. */
    @BeforeAll
    static void openDefaultGroup() throws IOException {
        AsynchronousServerSocketChannel.open().close();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAPendingAccept_whenTheServerIsClosed_thenItEndsAsynchronously(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel one = cluster.bound();
                AsynchronousServerSocketChannel other = cluster.bound()) {
            Completion handler = new Completion();
            one.accept("attached", handler);
            Future<AsynchronousSocketChannel> future = other.accept();

            one.close();
            other.close();

            assertThat(handler.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThat(handler.attachment()).isEqualTo("attached");
            assertThat(handler.thread().getName()).startsWith("group-");
            assertThat(Completion.failure(future))
                    .isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThat(cluster.fake.closedSources).hasValue(kind.isShared() ? 2 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAClosedServer_whenItIsUsed_thenItIsClosed(Kind kind) throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind)) {
            AsynchronousServerSocketChannel server = cluster.bound();
            server.close();
            server.close();

            assertThat(server.isOpen()).isFalse();
            assertThat(server.toString()).endsWith("[closed]");
            assertThat(Completion.failure(server.accept()))
                    .isExactlyInstanceOf(ClosedChannelException.class);
            Completion accept = new Completion();
            server.accept(null, accept);
            assertThat(accept.failure()).isExactlyInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(server::getLocalAddress)
                    .isExactlyInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"JDK", "NO_BROKER", "PRIVATE"})
    void givenAPendingAccept_whenItsHandlerHearsOfTheClose_thenThePortIsFree(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel next = cluster.open()) {
            AsynchronousServerSocketChannel server = cluster.bound();
            var address = server.getLocalAddress();
            CompletableFuture<Object> bound = new CompletableFuture<>();
            server.accept(
                    null,
                    new CompletionHandler<AsynchronousSocketChannel, Void>() {
                        @Override
                        public void completed(AsynchronousSocketChannel connection, Void none) {
                            bound.complete(connection);
                        }

                        @Override
                        public void failed(Throwable failure, Void none) {
                            try {
                                bound.complete(next.bind(address).getLocalAddress());
                            } catch (IOException | RuntimeException e) {
                                bound.completeExceptionally(e);
                            }
                        }
                    });

            server.close();

            assertThat(bound.get(10, TimeUnit.SECONDS)).isEqualTo(address);
        }
    }

    /** Nobody knows which comes first; each client is either accepted or not, once. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAClientAndACloseAtTheSameTime_whenBothAreDone_thenNothingIsLeft(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind)) {
            for (int i = 0; i < 100; i++) {
                AsynchronousServerSocketChannel server = cluster.bound();
                AtomicInteger told = new AtomicInteger();
                CountDownLatch done = new CountDownLatch(1);
                server.accept(
                        null,
                        new CompletionHandler<AsynchronousSocketChannel, Void>() {
                            @Override
                            public void completed(AsynchronousSocketChannel accepted, Void none) {
                                told.incrementAndGet();
                                try (accepted) {
                                    done.countDown();
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            }

                            @Override
                            public void failed(Throwable failure, Void none) {
                                told.incrementAndGet();
                                assertThat(failure).isInstanceOf(AsynchronousCloseException.class);
                                done.countDown();
                            }
                        });
                SocketChannel client = AsynchronousCluster.connect(server);
                for (int turns = i * 20; turns > 0; turns--) {
                    Thread.onSpinWait();
                }
                server.close();
                assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
                assertThat(told).hasValue(1);
                client.close();
            }
        }
    }

    // ---- groups ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenNoGroup_whenAServerIsOpened_thenItIsInTheDefaultGroup(Kind kind) throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server =
                        cluster.provider.openAsynchronousServerSocketChannel(null)) {
            server.bind(FakeCluster.ANY_PORT);
            Completion accept = new Completion();
            server.accept(null, accept);

            try (SocketChannel client = AsynchronousCluster.connect(server);
                    AsynchronousSocketChannel accepted = accept.connection()) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                assertThat(accept.thread().isDaemon()).isTrue();
                assertThat(accept.thread().getName()).doesNotStartWith("group-");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAGroup_whenItAndAServerAreAskedForTheirProvider_thenItIsTheSame(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.open()) {
            assertThat(cluster.group.provider()).isSameAs(cluster.provider);
            assertThat(server.provider()).isSameAs(cluster.provider);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAForeignGroup_whenAServerIsOpened_thenItIsRefused(Kind kind) throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind)) {
            AsynchronousChannelGroup foreign = new Foreign(cluster.provider);
            assertThatThrownBy(() -> cluster.provider.openAsynchronousServerSocketChannel(foreign))
                    .isInstanceOf(IllegalChannelGroupException.class);
        }
    }

    /** As the JDK's, which loses a descriptor at it. */
    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "JDK", mode = EnumSource.Mode.EXCLUDE)
    void givenAGroupThatIsShutDown_whenAServerIsOpened_thenItIsRefused(Kind kind) throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind)) {
            cluster.group.shutdown();

            assertThatThrownBy(cluster::open).isInstanceOf(ShutdownChannelGroupException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAnOpenServer_whenItsGroupIsShutDown_thenTheGroupEndsWithTheServer(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind)) {
            AsynchronousServerSocketChannel server = cluster.bound();
            Future<AsynchronousSocketChannel> accept = server.accept();

            cluster.group.shutdown();

            assertThat(cluster.group.isTerminated()).isFalse();
            assertThat(server.isOpen()).isTrue();
            try (SocketChannel client = AsynchronousCluster.connect(server)) {
                // A group that is shut down takes no new channels, and so no connections.
                assertThat(Completion.failure(accept))
                        .isInstanceOf(IOException.class)
                        .hasCauseInstanceOf(ShutdownChannelGroupException.class);
                assertThat(client.isConnected()).isTrue();
            }
            assertThat(cluster.fake.servers.openConnections()).isZero();
            server.close();
            assertThat(cluster.group.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    static Stream<Threads> ofOurs() {
        return Stream.of(Threads.values());
    }

    /** Differs from the JDK, where the close throws and the handler is never told. */
    @ParameterizedTest
    @MethodSource("ofOurs")
    void givenAGroupThatIsShutDown_whenItsLastServerIsClosed_thenThePendingHandlerIsTold(
            Threads threads) throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(Kind.LISTENER, threads)) {
            AsynchronousServerSocketChannel server = cluster.bound();
            Completion accept = new Completion();
            server.accept(null, accept);
            cluster.group.shutdown();

            server.close();

            assertThat(accept.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(cluster.group.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAServerAndItsConnections_whenTheirGroupIsShutDownNow_thenAllAreClosed(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind)) {
            AsynchronousServerSocketChannel server = cluster.bound();
            try (SocketChannel client = AsynchronousCluster.connect(server)) {
                AsynchronousSocketChannel accepted = Completion.connection(server.accept());
                Future<AsynchronousSocketChannel> accept = server.accept();
                assertThat(client.isConnected()).isTrue();

                cluster.group.shutdownNow();

                assertThat(server.isOpen()).isFalse();
                assertThat(accepted.isOpen()).isFalse();
                assertThat(Completion.failure(accept))
                        .isExactlyInstanceOf(AsynchronousCloseException.class);
                assertThat(cluster.group.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
                assertThat(cluster.fake.servers.openConnections()).isZero();
            }
        }
    }

    /** A group that another provider made. */
    private static final class Foreign extends AsynchronousChannelGroup {
        Foreign(AsynchronousChannelProvider provider) {
            super(provider);
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public void shutdown() {}

        @Override
        public void shutdownNow() {}

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
