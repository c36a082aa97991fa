package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.net.FakeCluster.Kind;
import dev.prefork.net.FewDescriptors.Scene;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asynchronous servers: each thing they can do, with fewer descriptors than it takes. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class FewDescriptorsForAsynchronousServersTest {
    private static AsynchronousCluster cluster(Scene scene, Kind kind) throws IOException {
        return scene.own(new AsynchronousCluster(kind));
    }

    private static void serves(AsynchronousServerSocketChannel server) throws Exception {
        if (server.getLocalAddress() == null) {
            server.bind(FakeCluster.ANY_PORT);
        }
        try (SocketChannel client = AsynchronousCluster.connect(server);
                AsynchronousSocketChannel accepted = accepted(server.accept())) {
            assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
        }
    }

    private static AsynchronousSocketChannel accepted(Future<AsynchronousSocketChannel> accept)
            throws Exception {
        try {
            return accept.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenFewDescriptors_whenAChannelIsOpened_thenItIsOpenOrItSaysWhyNot(Kind kind)
            throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            AsynchronousCluster cluster = cluster(scene, kind);
                            scene.afterwards = () -> serves(scene.own(cluster.open()));
                            return cluster::open;
                        });

        assertThat(needed).isEqualTo(kind == Kind.JDK ? 1 : 4);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenFewDescriptors_whenAChannelIsBound_thenItServes(Kind kind) throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            AsynchronousCluster cluster = cluster(scene, kind);
                            AsynchronousServerSocketChannel server = scene.own(cluster.open());
                            cluster.fake.prepareFor(FakeCluster.ANY_PORT);
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
                            AsynchronousServerSocketChannel server =
                                    scene.own(cluster(scene, kind).bound());
                            scene.afterwards = () -> serves(server);
                            var _ = scene.own(AsynchronousCluster.connect(server));
                            return () -> accepted(server.accept());
                        });

        assertThat(needed).isEqualTo(kind == Kind.QUEUE ? 0 : 1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenFewDescriptors_whenAServerIsClosed_thenItIs(Kind kind) throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            AsynchronousCluster cluster = cluster(scene, kind);
                            AsynchronousServerSocketChannel server = cluster.bound();
                            scene.afterwards =
                                    () ->
                                            assertThat(cluster.fake.closedSources)
                                                    .hasValue(kind.isShared() ? 1 : 0);
                            return () -> {
                                server.close();
                                return null;
                            };
                        });

        assertThat(needed).isZero();
    }
}
