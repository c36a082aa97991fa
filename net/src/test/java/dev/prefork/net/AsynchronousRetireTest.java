package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.net.FakeCluster.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Asynchronous servers of a worker that disconnects. SPEC A19, D3. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
@Timeout(120)
class AsynchronousRetireTest {
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenOpenConnections_whenTheWorkerRetires_thenItWaitsForTheLastOne(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.bound();
                SocketChannel client = AsynchronousCluster.connect(server);
                SocketChannel second = AsynchronousCluster.connect(server)) {
            AsynchronousSocketChannel accepted = Completion.connection(server.accept());
            AsynchronousSocketChannel acceptedSecond = Completion.connection(server.accept());

            CompletableFuture<Void> retired = cluster.fake.servers.retire();

            assertThat(cluster.fake.closedSources).hasValue(1);
            assertThat(server.isOpen()).isTrue();
            accepted.close();
            accepted.close();
            assertThat(retired).isNotDone();
            acceptedSecond.close();
            assertThat(retired).isDone();
            assertThat(client.isOpen() && second.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenAPendingAccept_whenTheWorkerRetires_thenItStaysPendingUntilTheServerIsClosed(
            Kind kind) throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.bound();
                AsynchronousServerSocketChannel later = cluster.bound()) {
            Future<AsynchronousSocketChannel> before = server.accept();

            assertThat(cluster.fake.servers.retire()).isDone();

            Future<AsynchronousSocketChannel> after = later.accept();
            try (SocketChannel client = AsynchronousCluster.connect(server);
                    SocketChannel another = AsynchronousCluster.connect(later)) {
                assertThatThrownBy(() -> before.get(100, TimeUnit.MILLISECONDS))
                        .isInstanceOf(java.util.concurrent.TimeoutException.class);
                assertThat(after.isDone()).isFalse();
                assertThat(client.isConnected() && another.isConnected()).isTrue();
            }
            server.close();
            later.close();
            assertThat(Completion.failure(before)).isInstanceOf(AsynchronousCloseException.class);
            assertThat(Completion.failure(after)).isInstanceOf(AsynchronousCloseException.class);
            assertThat(cluster.fake.closedSources).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenARetiredWorker_whenAServerBinds_thenItIsToldThatTheWorkerIsDisconnecting(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.open()) {
            assertThat(cluster.fake.servers.retire()).isDone();

            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isInstanceOf(WorkerLeavingException.class)
                    .hasMessageContaining("disconnecting");
        }
    }

    @Test
    void givenARetiredWorker_whenAServerOfItsOwnBinds_thenItDoes() throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(Kind.PRIVATE);
                AsynchronousServerSocketChannel server = cluster.open()) {
            assertThat(cluster.fake.servers.retire()).isDone();

            assertThat(server.bind(FakeCluster.ANY_PORT).getLocalAddress()).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenAcceptsAndARetireAtTheSameTime_whenAllIsClosed_thenNoConnectionWasForgotten(Kind kind)
            throws Exception {
        for (int i = 0; i < 50; i++) {
            try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                    AsynchronousServerSocketChannel server = cluster.bound()) {
                OpenServers servers = cluster.fake.servers;
                List<SocketChannel> clients = new ArrayList<>();
                for (int c = 0; c < 4; c++) {
                    clients.add(AsynchronousCluster.connect(server));
                }
                AtomicInteger forgotten = new AtomicInteger();
                CompletableFuture<Throwable> ended = new CompletableFuture<>();
                server.accept(
                        null,
                        new CompletionHandler<AsynchronousSocketChannel, Void>() {
                            @Override
                            public void completed(AsynchronousSocketChannel accepted, Void none) {
                                try (accepted) {
                                    // It is open, so nobody may believe that all are closed.
                                    if (servers.retire().isDone()) {
                                        forgotten.incrementAndGet();
                                    }
                                } catch (IOException e) {
                                    ended.complete(e);
                                }
                                server.accept(null, this);
                            }

                            @Override
                            public void failed(Throwable failure, Void none) {
                                ended.complete(failure);
                            }
                        });
                for (int turns = i * 20; turns > 0; turns--) {
                    Thread.onSpinWait();
                }
                servers.retire().get(10, TimeUnit.SECONDS);
                server.close();
                assertThat(ended.get(10, TimeUnit.SECONDS))
                        .isInstanceOf(java.nio.channels.ClosedChannelException.class);
                assertThat(forgotten).hasValue(0);
                assertThat(servers.openConnections()).isZero();
                for (SocketChannel client : clients) {
                    client.close();
                }
            }
        }
    }
}
