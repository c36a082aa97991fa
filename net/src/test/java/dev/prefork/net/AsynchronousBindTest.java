package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.net.FakeCluster.Kind;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;

/**
 * Every kind of asynchronous channel binds as the JDK's, which is one of the kinds. SPEC D3, E1.
 */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
@Timeout(60)
class AsynchronousBindTest {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAServer_whenItBinds_thenItHasAnAddressAndTheBrokerWasAsked(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.open()) {
            assertThat(server.getLocalAddress()).isNull();
            assertThat(server.toString()).isEqualTo(server.getClass().getName() + "[unbound]");

            assertThat(server.bind(FakeCluster.ANY_PORT, 7)).isSameAs(server);

            InetSocketAddress local = (InetSocketAddress) server.getLocalAddress();
            assertThat(local.getAddress()).isEqualTo(FakeCluster.ANY_PORT.getAddress());
            assertThat(local.getPort()).isPositive();
            assertThat(server.toString()).endsWith("[" + local + "]");
            assertThat(cluster.fake.servers.everServed()).isEqualTo(kind.isShared());
            if (kind == Kind.PRIVATE || kind.isShared()) {
                assertThat(cluster.fake.requests)
                        .singleElement()
                        .satisfies(
                                asked -> {
                                    assertThat(asked.address()).isEqualTo(FakeCluster.ANY_PORT);
                                    assertThat(asked.backlog()).isEqualTo(7);
                                    assertThat(asked.mode()).isEqualTo(BindMode.USUAL);
                                });
            } else {
                assertThat(cluster.fake.requests).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenNoAddress_whenAServerBinds_thenItServesAllAddressesAtAnyPort(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.open().bind(null)) {
            InetSocketAddress local = (InetSocketAddress) server.getLocalAddress();
            assertThat(local.getAddress().isAnyLocalAddress()).isTrue();

            try (SocketChannel client =
                            SocketChannel.open(
                                    new InetSocketAddress(
                                            FakeCluster.ANY_PORT.getAddress(), local.getPort()));
                    AsynchronousSocketChannel accepted = Completion.connection(server.accept())) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenABoundServer_whenItBindsAgain_thenItIsAlreadyBound(Kind kind) throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.bound()) {
            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isInstanceOf(AlreadyBoundException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAnAddressItCannotHave_whenAServerBinds_thenItComplainsAndCanStillBind(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.open()) {
            assertThatThrownBy(() -> server.bind(UnixDomainSocketAddress.of("/nowhere/x")))
                    .isInstanceOf(UnsupportedAddressTypeException.class);
            assertThatThrownBy(
                            () -> server.bind(InetSocketAddress.createUnresolved("x.invalid", 1)))
                    .isInstanceOf(UnresolvedAddressException.class);

            server.bind(FakeCluster.ANY_PORT);

            assertThat(server.getLocalAddress()).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"JDK", "NO_BROKER", "PRIVATE"})
    void givenAPortInUse_whenAServerBindsPrivately_thenItIsRefused(Kind kind) throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel first = cluster.bound();
                AsynchronousServerSocketChannel second = cluster.open()) {
            assertThatThrownBy(() -> second.bind(first.getLocalAddress()))
                    .isInstanceOf(BindException.class);
            assertThat(second.getLocalAddress()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenABrokerThatRefuses_whenAServerBinds_thenItFailsAsThePrimarySaysAndCanBindAgain(
            Kind kind) throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.open()) {
            cluster.fake.beforeAnswer =
                    () -> {
                        throw new UncheckedIOException(new BindException("Address already in use"));
                    };
            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isExactlyInstanceOf(BindException.class)
                    .hasMessage("Address already in use");
            assertThat(server.getLocalAddress()).isNull();

            cluster.fake.beforeAnswer = () -> {};
            server.bind(FakeCluster.ANY_PORT);

            assertThat(server.getLocalAddress()).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"PRIVATE", "LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenALateAnswer_whenTheServerIsClosedMeanwhile_thenTheBindFailsAndLeavesNothing(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind)) {
            AsynchronousServerSocketChannel server = cluster.open();
            cluster.fake.beforeAnswer = () -> close(server);

            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isInstanceOf(ClosedChannelException.class);

            assertThat(cluster.fake.closedSources).hasValue(kind.isShared() ? 1 : 0);
        }
    }

    private static void close(AsynchronousServerSocketChannel server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenAConnectionBeforeTheBindReturns_whenTheServerAccepts_thenItGetsIt(Kind kind)
            throws Exception {
        try (AsynchronousCluster cluster = new AsynchronousCluster(kind)) {
            cluster.fake.clientComesEarly = true;
            try (AsynchronousServerSocketChannel server = cluster.bound();
                    AsynchronousSocketChannel accepted = Completion.connection(server.accept())) {
                assertThat(accepted.getRemoteAddress())
                        .isEqualTo(cluster.fake.earlyClients.getFirst().getLocalAddress());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenOptions_whenTheyAreSetBeforeAndAfterBind_thenTheyAreAsTheJdkHasThem(Kind kind)
            throws Exception {
        try (AsynchronousCluster jdk = new AsynchronousCluster(Kind.JDK);
                AsynchronousServerSocketChannel model = jdk.open();
                AsynchronousCluster cluster = new AsynchronousCluster(kind);
                AsynchronousServerSocketChannel server = cluster.open()) {
            assertThat(server.supportedOptions()).isEqualTo(model.supportedOptions());
            assertThat(server.supportedOptions())
                    .contains(
                            StandardSocketOptions.SO_RCVBUF,
                            StandardSocketOptions.SO_REUSEADDR,
                            StandardSocketOptions.SO_REUSEPORT);
            assertThat(server.getOption(StandardSocketOptions.SO_REUSEADDR))
                    .isEqualTo(model.getOption(StandardSocketOptions.SO_REUSEADDR));
            assertThat(server.getOption(StandardSocketOptions.SO_RCVBUF))
                    .isEqualTo(model.getOption(StandardSocketOptions.SO_RCVBUF));

            assertThat(server.setOption(StandardSocketOptions.SO_REUSEPORT, true)).isSameAs(server);
            assertThat(server.setOption(StandardSocketOptions.SO_RCVBUF, 20_000)).isSameAs(server);
            server.bind(FakeCluster.ANY_PORT);

            assertThat(server.getOption(StandardSocketOptions.SO_REUSEPORT)).isTrue();
            assertThat(server.getOption(StandardSocketOptions.SO_RCVBUF))
                    .isGreaterThanOrEqualTo(20_000);
            assertThatThrownBy(() -> server.setOption(StandardSocketOptions.TCP_NODELAY, true))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> server.getOption(null))
                    .isInstanceOf(NullPointerException.class);
            server.close();
            assertThatThrownBy(() -> server.getOption(StandardSocketOptions.SO_RCVBUF))
                    .isInstanceOf(ClosedChannelException.class);
        }
    }
}
