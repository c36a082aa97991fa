package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;

/** Some containers load a program's classes twice; the JDK's package has room for one hook. */
@ExtendWith(NothingLeft.class)
class TwoClassLoadersTest {
    private static final URL[] OURS = {
        location(ClusterSelectorProvider.class), location(dev.prefork.posix.Fd.class)
    };

    /** The default group is there for ever, once it is. */
    @BeforeAll
    static void openDefaultGroup() throws IOException {
        AsynchronousServerSocketChannel.open().close();
    }

    @Test
    void givenOurClassesInTwoLoaders_whenBothAccept_thenBothGetConnections() throws Exception {
        try (URLClassLoader other =
                new URLClassLoader(OURS, ClassLoader.getPlatformClassLoader())) {
            Class<?> others = other.loadClass(ClusterSelectorProvider.class.getName());
            assertThat(others).isNotSameAs(ClusterSelectorProvider.class);

            assertAccepts(new ClusterSelectorProvider());
            assertAccepts((SelectorProvider) others.getConstructor().newInstance());
        }
    }

    @Test
    void givenOurClassesInTwoLoaders_whenBothAcceptAsynchronously_thenBothGetConnections()
            throws Exception {
        try (URLClassLoader other =
                new URLClassLoader(OURS, ClassLoader.getPlatformClassLoader())) {
            Class<?> others = other.loadClass(ClusterAsynchronousChannelProvider.class.getName());
            assertThat(others).isNotSameAs(ClusterAsynchronousChannelProvider.class);

            assertAccepts(new ClusterAsynchronousChannelProvider());
            assertAccepts((AsynchronousChannelProvider) others.getConstructor().newInstance());
        }
    }

    private static void assertAccepts(AsynchronousChannelProvider provider) throws Exception {
        try (AsynchronousServerSocketChannel server =
                provider.openAsynchronousServerSocketChannel(null)) {
            server.bind(FakeCluster.ANY_PORT);
            try (SocketChannel client = AsynchronousCluster.connect(server);
                    AsynchronousSocketChannel accepted = Completion.connection(server.accept())) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
            }
        }
    }

    private static void assertAccepts(SelectorProvider provider) throws Exception {
        try (ServerSocketChannel server = provider.openServerSocketChannel()) {
            server.bind(FakeCluster.ANY_PORT);
            try (SocketChannel client = FakeCluster.connect(server);
                    SocketChannel accepted = server.accept()) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                assertThat(accepted.provider()).isSameAs(provider);
            }
        }
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}
