package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.net.FakeCluster.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Path;

/** Every kind of channel binds as the JDK's own does, which is one of the kinds. SPEC D3, E1. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
@Timeout(60)
class BindTest {
    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAnyPort_whenAServerBinds_thenItHasAnAddress(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open()) {
            assertThat(server.getLocalAddress()).isNull();

            server.bind(FakeCluster.ANY_PORT);

            InetSocketAddress local = (InetSocketAddress) server.getLocalAddress();
            assertThat(local.getAddress()).isEqualTo(FakeCluster.ANY_PORT.getAddress());
            assertThat(local.getPort()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "JDK", mode = EnumSource.Mode.EXCLUDE)
    void givenAServer_whenItBinds_thenTheBrokerIsAskedWhatTheApplicationSaid(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open(StandardProtocolFamily.INET)) {
            server.bind(FakeCluster.ANY_PORT, 7);

            ListenRequest asked =
                    new ListenRequest(FakeCluster.ANY_PORT, StandardProtocolFamily.INET, 7);
            if (kind == Kind.NO_BROKER) {
                assertThat(cluster.requests).isEmpty();
            } else {
                assertThat(cluster.requests).containsExactly(asked);
            }
            assertThat(cluster.servers.everServed()).isEqualTo(kind.isShared());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenABoundServer_whenItBindsAgain_thenItIsAlreadyBound(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.bound()) {
            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isInstanceOf(AlreadyBoundException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAClosedServer_whenItBinds_thenItIsClosed(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind)) {
            ServerSocketChannel server = cluster.open();
            server.close();

            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isExactlyInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(server::getLocalAddress)
                    .isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAnAddressItCannotHave_whenAServerBinds_thenItComplainsAndCanStillBind(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open(StandardProtocolFamily.INET)) {
            assertThatThrownBy(() -> server.bind(UnixDomainSocketAddress.of("/nowhere/x")))
                    .isInstanceOf(UnsupportedAddressTypeException.class);
            assertThatThrownBy(
                            () ->
                                    server.bind(
                                            new InetSocketAddress(InetAddress.ofLiteral("::1"), 0)))
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
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel first = cluster.bound();
                ServerSocketChannel second = cluster.open()) {
            assertThatThrownBy(() -> second.bind(first.getLocalAddress()))
                    .isInstanceOf(BindException.class);
        }
    }

    @Test
    void givenABrokerThatRefuses_whenAServerBinds_thenItFailsAsThePrimarySaysAndCanBindAgain()
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(Kind.LISTENER);
                ServerSocketChannel server = cluster.open()) {
            cluster.beforeAnswer =
                    () -> {
                        throw new UncheckedIOException(new BindException("Address already in use"));
                    };
            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .hasRootCauseInstanceOf(BindException.class);
            assertThat(server.getLocalAddress()).isNull();

            cluster.beforeAnswer = () -> {};
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
        try (FakeCluster cluster = new FakeCluster(kind)) {
            ServerSocketChannel server = cluster.open();
            cluster.beforeAnswer = () -> close(server);

            assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                    .isInstanceOf(ClosedChannelException.class);

            if (kind.isShared()) {
                assertThat(cluster.closedSources).hasValue(1);
                assertThatThrownBy(() -> server.bind(FakeCluster.ANY_PORT))
                        .isNotInstanceOf(AsynchronousCloseException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenOptions_whenTheyAreSetBeforeAndAfterBind_thenTheyAreAsTheJdkHasThem(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open()) {
            assertThat(server.supportedOptions())
                    .contains(
                            StandardSocketOptions.SO_REUSEADDR,
                            StandardSocketOptions.SO_REUSEPORT,
                            StandardSocketOptions.SO_RCVBUF);
            assertThat(server.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();

            assertThat(server.setOption(StandardSocketOptions.SO_REUSEADDR, false))
                    .isSameAs(server);
            server.bind(FakeCluster.ANY_PORT);

            assertThat(server.getOption(StandardSocketOptions.SO_REUSEADDR)).isFalse();
            assertThatThrownBy(() -> server.setOption(StandardSocketOptions.TCP_NODELAY, true))
                    .isInstanceOf(UnsupportedOperationException.class);
            server.close();
            assertThatThrownBy(() -> server.getOption(StandardSocketOptions.SO_RCVBUF))
                    .isInstanceOf(ClosedChannelException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAUnixPath_whenAServerBinds_thenItsConnectionsAreUnix(Kind kind) throws Exception {
        UnixDomainSocketAddress path = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (FakeCluster cluster = new FakeCluster(kind);
                ServerSocketChannel server = cluster.open(StandardProtocolFamily.UNIX)) {
            server.bind(path);

            try (SocketChannel client = FakeCluster.connect(server);
                    SocketChannel accepted = server.accept()) {
                assertThat(server.getLocalAddress()).isEqualTo(path);
                assertThat(client.getRemoteAddress()).isEqualTo(path);
                assertThat(accepted.getLocalAddress()).isEqualTo(path);
                assertThat(accepted.getRemoteAddress()).isEqualTo(UnixDomainSocketAddress.of(""));
            }
            assertThatThrownBy(server::socket).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void givenAUnixServerWithoutAPath_whenItBinds_thenTheBrokerIsNotAsked() throws Exception {
        try (FakeCluster cluster = new FakeCluster(Kind.LISTENER);
                ServerSocketChannel server = cluster.open(StandardProtocolFamily.UNIX)) {
            server.bind(null);

            UnixDomainSocketAddress made = (UnixDomainSocketAddress) server.getLocalAddress();
            assertThat(cluster.requests).isEmpty();
            assertThat(made.getPath().toFile().delete()).isTrue();
        }
    }

    @Test
    void givenTheProvider_whenItOpensChannels_thenOnlyServersAreOurs() throws Exception {
        try (FakeCluster cluster = new FakeCluster(Kind.HANDOFF);
                ServerSocketChannel server = cluster.open();
                SocketChannel client = cluster.provider().openSocketChannel()) {
            assertThat(server.provider()).isSameAs(cluster.provider());
            assertThat(server.validOps()).isEqualTo(SelectionKey.OP_ACCEPT);
            assertThat(client.getClass().getName()).isEqualTo("sun.nio.ch.SocketChannelImpl");
            assertThatThrownBy(() -> cluster.open(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> cluster.open(() -> "no family of ours"))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    private static void close(ServerSocketChannel server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
