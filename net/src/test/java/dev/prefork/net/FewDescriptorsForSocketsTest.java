package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.net.FewDescriptors.Scene;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** Datagrams, and sockets that travel: what can be done, with fewer descriptors than it takes. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class FewDescriptorsForSocketsTest {
    private final OpenServers servers = new OpenServers();
    private final AtomicInteger given = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private Fd prepared;
    private final ClusterSelectorProvider provider =
            new ClusterSelectorProvider(() -> Optional.of(new Broker()), servers);

    /** Its answer was made before, so that it takes no descriptor. */
    private final class Broker implements ListenBroker {
        @Override
        public Optional<ConnectionSource> listen(ListenRequest request) {
            throw new AssertionError(request);
        }

        @Override
        public Optional<SharedDatagrams> bind(DatagramRequest request) {
            given.incrementAndGet();
            Fd socket = prepared;
            prepared = null;
            return Optional.of(new SharedDatagrams(socket, closed::incrementAndGet));
        }
    }

    private static Fd bound(Sockets.Type type) throws Exception {
        Fd socket = Sockets.open(StandardProtocolFamily.INET, type);
        Sockets.bind(socket.number(), FakeCluster.ANY_PORT);
        return socket;
    }

    private static void receives(DatagramChannel channel) throws Exception {
        try (DatagramChannel client = DatagramChannel.open(StandardProtocolFamily.INET)) {
            client.send(ByteBuffer.allocate(4), channel.getLocalAddress());
            ByteBuffer data = ByteBuffer.allocate(10);
            assertThat(channel.receive(data)).isEqualTo(loopback(client));
            assertThat(data.position()).isEqualTo(4);
        }
    }

    private static InetSocketAddress loopback(DatagramChannel client) throws Exception {
        int port = ((InetSocketAddress) client.getLocalAddress()).getPort();
        return new InetSocketAddress(FakeCluster.ANY_PORT.getAddress(), port);
    }

    // ---- datagrams ----

    @Test
    void givenFewDescriptors_whenADatagramChannelIsOpened_thenItIsOrItSaysWhyNot()
            throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        _ -> () -> provider.openDatagramChannel(StandardProtocolFamily.INET));

        assertThat(needed).isEqualTo(1);
    }

    @Test
    void givenFewDescriptors_whenADatagramChannelIsBound_thenItReceives() throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            DatagramChannel channel =
                                    scene.own(
                                            provider.openDatagramChannel(
                                                    StandardProtocolFamily.INET));
                            scene.afterwards = () -> receives(channel);
                            return bind(() -> channel.bind(FakeCluster.ANY_PORT));
                        });

        assertThat(needed).isEqualTo(1);
        assertThat(closed.get()).isEqualTo(given.get());
    }

    @Test
    void givenFewDescriptors_whenADescriptorIsBound_thenItReceives() throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene ->
                                bind(
                                        () -> {
                                            DatagramChannel channel =
                                                    provider.bind(
                                                            StandardProtocolFamily.INET,
                                                            new DescriptorAddress(0),
                                                            false,
                                                            BindMode.USUAL);
                                            scene.afterwards = () -> receives(channel);
                                            return channel;
                                        }));

        assertThat(needed).isEqualTo(2);
        assertThat(closed.get()).isEqualTo(given.get());
    }

    @Test
    void givenFewDescriptors_whenADescriptorOfThisProcessIsBound_thenItReceives() throws Exception {
        BindMode exclusive = new BindMode(true, false, false, false, false);
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            Fd own = scene.own(bound(Sockets.Type.DATAGRAM));
                            return () -> {
                                DatagramChannel channel =
                                        provider.bind(
                                                StandardProtocolFamily.INET,
                                                new DescriptorAddress(own.number()),
                                                false,
                                                exclusive);
                                scene.afterwards = () -> receives(channel);
                                return channel;
                            };
                        });

        assertThat(needed).isEqualTo(3);
    }

    @Test
    void givenFewDescriptors_whenADatagramSocketIsOpenedAndBound_thenItIsOrItSaysWhyNot()
            throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            InetSocketAddress free = freePort();
                            return bind(
                                    () -> {
                                        DatagramSocket socket =
                                                provider.openDatagramSocketChannel().socket();
                                        boolean bound = false;
                                        try {
                                            socket.bind(free);
                                            bound = true;
                                        } finally {
                                            if (!bound) {
                                                socket.close();
                                            }
                                        }
                                        return socket;
                                    });
                        });

        assertThat(needed).isEqualTo(2);
        assertThat(closed.get()).isEqualTo(given.get());
    }

    private static InetSocketAddress freePort() throws Exception {
        try (DatagramSocket probe = new DatagramSocket(FakeCluster.ANY_PORT)) {
            return (InetSocketAddress) probe.getLocalSocketAddress();
        }
    }

    /** The broker's answer is there before. */
    private Callable<AutoCloseable> bind(Callable<? extends AutoCloseable> call) throws Exception {
        prepared = bound(Sockets.Type.DATAGRAM);
        return () -> {
            if (prepared == null) {
                prepared = bound(Sockets.Type.DATAGRAM);
            }
            try {
                return call.call();
            } finally {
                if (prepared != null) {
                    prepared.close(); // Nobody asked.
                    prepared = null;
                }
            }
        };
    }

    // ---- sockets that travel ----

    @Test
    void givenFewDescriptors_whenAConnectionIsAdopted_thenItIsAChannel() throws Exception {
        int needed = adopting(FewDescriptorsForSocketsTest::connected);

        assertThat(needed).isZero();
    }

    @Test
    void givenFewDescriptors_whenAListenerIsAdopted_thenItIsAChannel() throws Exception {
        int needed =
                adopting(
                        _ -> {
                            Fd listener = bound(Sockets.Type.STREAM);
                            Sockets.listen(listener.number(), 5);
                            return listener;
                        });

        assertThat(needed).isZero();
    }

    @Test
    void givenFewDescriptors_whenADatagramSocketIsAdopted_thenItIsAChannel() throws Exception {
        int needed = adopting(_ -> bound(Sockets.Type.DATAGRAM));

        assertThat(needed).isEqualTo(1);
    }

    private interface Source {
        Fd socket(Scene scene) throws Exception;
    }

    /** Closed also when it fails: so that each call has a socket of its own. */
    private static int adopting(Source source) throws Exception {
        return FewDescriptors.untilItWorks(
                scene -> {
                    Fd first = source.socket(scene);
                    Fd second = scene.own(source.socket(scene));
                    return () -> {
                        SelectableChannel channel =
                                JdkSockets.open(first.isOpen() ? first : second, () -> {});
                        assertThat(channel.isOpen()).isTrue();
                        return channel;
                    };
                });
    }

    private static Fd connected(Scene scene) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(FakeCluster.ANY_PORT);
            SocketChannel client = scene.own(FakeCluster.connect(listener));
            assertThat(client.isConnected()).isTrue();
            try (SocketChannel accepted = listener.accept()) {
                return JdkSockets.copy(accepted).orElseThrow();
            }
        }
    }

    @Test
    void givenFewDescriptors_whenASocketIsCopied_thenThereIsASecondDescriptor() throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            DatagramChannel channel = scene.own(DatagramChannel.open());
                            return () -> JdkSockets.copy(channel).orElseThrow();
                        });

        assertThat(needed).isEqualTo(1);
    }

    @Test
    void givenFewDescriptors_whenAConnectionIsTakenAway_thenItIsClosedHereAndOpenThere()
            throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            SocketChannel channel =
                                    scene.own(
                                            (SocketChannel)
                                                    JdkSockets.open(connected(scene), () -> {}));
                            scene.afterwards = () -> assertThat(channel.isOpen()).isFalse();
                            return () -> {
                                JdkSockets.detach(channel);
                                return null;
                            };
                        });

        assertThat(needed).isEqualTo(1);
    }

    @Test
    void givenFewDescriptors_whenTheWorkerRetires_thenItsDatagramChannelsAreSilent()
            throws Exception {
        int needed =
                FewDescriptors.untilItWorks(
                        scene -> {
                            OpenServers leaving = new OpenServers();
                            ClusterSelectorProvider worker =
                                    new ClusterSelectorProvider(
                                            () -> Optional.of(new Broker()), leaving);
                            prepared = bound(Sockets.Type.DATAGRAM);
                            DatagramChannel channel =
                                    scene.own(
                                            worker.openDatagramChannel(
                                                    StandardProtocolFamily.INET));
                            channel.bind(FakeCluster.ANY_PORT);
                            return () -> {
                                assertThat(leaving.retire()).isCompleted();
                                assertThat(closed.get()).isEqualTo(given.get());
                                return null;
                            };
                        });

        assertThat(needed).isZero();
    }
}
