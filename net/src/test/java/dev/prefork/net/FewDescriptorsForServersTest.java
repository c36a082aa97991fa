package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.net.FakeCluster.Kind;
import dev.prefork.net.FewDescriptors.Scene;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Channels and sockets that listen: each thing they can do, with fewer descriptors than it takes.
 */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class FewDescriptorsForServersTest {
    private static FakeCluster cluster(Scene scene, Kind kind) {
        return scene.own(new FakeCluster(kind));
    }

    private static void serves(ServerSocketChannel server) throws Exception {
        server.configureBlocking(true);
        if (server.getLocalAddress() == null) {
            server.bind(FakeCluster.ANY_PORT);
        }
        try (SocketChannel client = FakeCluster.connect(server);
                SocketChannel accepted = server.accept()) {
            assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
        }
    }

    private static Socket connect(ServerSocket server) throws Exception {
        return new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    private static void serves(ServerSocket server) throws Exception {
        try (Socket client = connect(server);
                Socket accepted = server.accept()) {
            assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenFewDescriptors_whenAChannelIsOpened_thenItIsOpenOrItSaysWhyNot(Kind kind)
            throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            FakeCluster cluster = cluster(scene, kind);
                            scene.afterwards = () -> serves(scene.own(cluster.open()));
                            return cluster::open;
                        });

        assertThat(needed).isEqualTo(kind == Kind.JDK ? 1 : 3);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenFewDescriptors_whenAChannelIsBound_thenItServes(Kind kind) throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            FakeCluster cluster = cluster(scene, kind);
                            ServerSocketChannel server = scene.own(cluster.open());
                            cluster.prepareFor(FakeCluster.ANY_PORT);
                            scene.afterwards = () -> serves(server);
                            return () -> server.bind(FakeCluster.ANY_PORT);
                        });

        assertThat(needed).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"JDK", "NO_BROKER", "PRIVATE", "LISTENER", "QUEUE"})
    void givenFewDescriptors_whenAConnectionIsAccepted_thenItIsTheNextOneToo(Kind kind)
            throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            ServerSocketChannel server = scene.own(cluster(scene, kind).bound());
                            scene.afterwards = () -> serves(server);
                            var _ = scene.own(FakeCluster.connect(server));
                            Polled.awaitReadable(((sun.nio.ch.SelChImpl) server).getFDVal());
                            return server::accept;
                        });

        assertThat(needed).isEqualTo(kind == Kind.QUEUE ? 0 : 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"JDK", "NO_BROKER", "PRIVATE", "LISTENER", "QUEUE"})
    void givenFewDescriptors_whenTheAdaptorAccepts_thenItServes(Kind kind) throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            ServerSocketChannel server = scene.own(cluster(scene, kind).bound());
                            server.socket().setSoTimeout(10_000);
                            scene.afterwards = () -> serves(server);
                            var _ = scene.own(FakeCluster.connect(server));
                            return server.socket()::accept;
                        });

        assertThat(needed).isEqualTo(kind == Kind.QUEUE ? 0 : 1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenFewDescriptors_whenAServerSocketIsBound_thenItServes(Kind kind) throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            FakeCluster cluster = cluster(scene, kind);
                            ServerSocket server = scene.own(cluster.openServerSocket());
                            server.getReuseAddress(); // Opens its own descriptor.
                            scene.afterwards = () -> serves(server);
                            cluster.prepareFor(FakeCluster.ANY_PORT);
                            return () -> {
                                server.bind(FakeCluster.ANY_PORT);
                                return null;
                            };
                        });

        assertThat(needed).isEqualTo(kind == Kind.JDK || kind == Kind.NO_BROKER ? 0 : 3);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"JDK", "NO_BROKER", "PRIVATE", "LISTENER", "QUEUE"})
    void givenFewDescriptors_whenAServerSocketAccepts_thenItServes(Kind kind) throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            ServerSocket server =
                                    scene.own(cluster(scene, kind).openServerSocket());
                            server.bind(FakeCluster.ANY_PORT);
                            scene.afterwards = () -> serves(server);
                            var _ = scene.own(connect(server));
                            return server::accept;
                        });

        assertThat(needed).isEqualTo(kind == Kind.QUEUE ? 0 : 1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenFewDescriptors_whenAServerIsRegistered_thenItsSelectorHearsOfClients(Kind kind)
            throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            ServerSocketChannel server = scene.own(cluster(scene, kind).bound());
                            server.configureBlocking(false);
                            Selector selector = scene.own(Selector.open());
                            scene.afterwards =
                                    () -> {
                                        var _ = scene.own(FakeCluster.connect(server));
                                        assertThat(selector.select(10_000)).isEqualTo(1);
                                    };
                            return () -> {
                                server.register(selector, SelectionKey.OP_ACCEPT);
                                selector.selectNow();
                                return null;
                            };
                        });

        assertThat(needed).isZero();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenFewDescriptors_whenAServerIsClosed_thenItIs(Kind kind) throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            FakeCluster cluster = cluster(scene, kind);
                            ServerSocketChannel server = cluster.bound();
                            scene.afterwards =
                                    () ->
                                            assertThat(cluster.closedSources)
                                                    .hasValue(kind.isShared() ? 1 : 0);
                            return () -> {
                                server.close();
                                return null;
                            };
                        });

        assertThat(needed).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenFewDescriptors_whenTheWorkerRetires_thenItsServersAreSilent(Kind kind)
            throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            FakeCluster cluster = cluster(scene, kind);
                            ServerSocketChannel server = scene.own(cluster.bound());
                            scene.afterwards =
                                    () -> {
                                        assertThat(cluster.closedSources).hasValue(1);
                                        assertThat(cluster.servers.retire()).isCompleted();
                                        assertThat(server.isOpen()).isTrue();
                                    };
                            return () -> {
                                var _ = cluster.servers.retire();
                                return null;
                            };
                        });

        assertThat(needed).isZero();
    }
}
