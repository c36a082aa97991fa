package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** Some containers load a program's classes twice; the JDK's package has room for one hook. */
@ExtendWith(NothingLeft.class)
class TwoClassLoadersTest {
    @Test
    void givenOurClassesInTwoLoaders_whenBothAccept_thenBothGetConnections() throws Exception {
        URL[] ours = {
            location(ClusterSelectorProvider.class), location(dev.prefork.posix.Fd.class)
        };
        try (URLClassLoader other =
                new URLClassLoader(ours, ClassLoader.getPlatformClassLoader())) {
            Class<?> others = other.loadClass(ClusterSelectorProvider.class.getName());
            assertThat(others).isNotSameAs(ClusterSelectorProvider.class);

            assertAccepts(new ClusterSelectorProvider());
            assertAccepts((SelectorProvider) others.getConstructor().newInstance());
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
