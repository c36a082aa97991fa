package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.prefork.net.FakeCluster.Kind;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.stream.Stream;

/** Channels and selectors, in every order in which servers bring them together. SPEC D3. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
@Timeout(120)
class SelectorTest {
    private static final long WAIT_MILLIS = 10_000;
    private static final int ROUNDS = 200;

    static Stream<Arguments> kindsAndThreads() {
        return AcceptTest.kindsAndThreads().filter(each -> each.get()[0] != Kind.JDK);
    }

    // Not the JDK's own: it reports an unbound socket as acceptable (epoll: a hang-up), and its
    // users have to live with that. Ours is silent.
    @ParameterizedTest
    @MethodSource("kindsAndThreads")
    void givenASelectorThatWaitsAlready_whenTheServerBindsAndAClientConnects_thenItIsSelected(
            Kind kind, Accepting.Kind thread) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind)) {
            for (int i = 0; i < ROUNDS; i++) {
                try (Selector selector = Selector.open();
                        ServerSocketChannel server = cluster.open()) {
                    register(server, selector);
                    Accepting accepting = Accepting.on(thread, () -> acceptFrom(selector));
                    // In the first rounds it waits in the kernel for sure; then whatever happens.
                    if (i < ROUNDS / 10) {
                        accepting.awaitBlocked();
                    }
                    server.bind(FakeCluster.ANY_PORT);
                    try (SocketChannel client = FakeCluster.connect(server);
                            SocketChannel accepted = (SocketChannel) accepting.result()) {
                        assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LISTENER", "QUEUE", "HANDOFF", "STEERED"})
    void givenAConnectionThatIsThereBeforeTheBind_whenTheServerWasRegistered_thenItIsSelected(
            Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind)) {
            cluster.clientComesEarly = true;
            for (int i = 0; i < ROUNDS; i++) {
                try (Selector selector = Selector.open();
                        ServerSocketChannel server = cluster.open()) {
                    register(server, selector);
                    server.bind(FakeCluster.ANY_PORT);

                    acceptFrom(selector).close();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAServerRegisteredForNothing_whenItIsBoundAndAsksToAccept_thenItIsSelected(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                Selector selector = Selector.open();
                ServerSocketChannel server = cluster.open()) {
            server.configureBlocking(false);
            SelectionKey key = server.register(selector, 0);
            assertThat(selector.selectNow()).isZero();
            server.bind(FakeCluster.ANY_PORT);
            try (SocketChannel client = FakeCluster.connect(server)) {
                assertThat(selector.selectNow()).isZero();
                key.interestOps(SelectionKey.OP_ACCEPT);

                try (SocketChannel accepted = acceptFrom(selector)) {
                    assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenABoundServer_whenItIsRegisteredAfterTheClientConnected_thenItIsSelected(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                Selector selector = Selector.open();
                ServerSocketChannel server = cluster.bound();
                SocketChannel client = FakeCluster.connect(server)) {
            register(server, selector);

            try (SocketChannel accepted = acceptFrom(selector)) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
            }
            assertThat(selector.selectNow()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenTwoSelectors_whenAClientConnects_thenBothSelectAndOneGetsTheConnection(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                Selector first = Selector.open();
                Selector second = Selector.open();
                ServerSocketChannel server = cluster.bound()) {
            register(server, first);
            register(server, second);
            try (SocketChannel client = FakeCluster.connect(server)) {
                assertThat(first.select(WAIT_MILLIS)).isOne();
                assertThat(second.select(WAIT_MILLIS)).isOne();

                try (SocketChannel accepted = server.accept()) {
                    assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                }
                first.selectedKeys().clear();
                second.selectedKeys().clear();
                assertThat(server.accept()).isNull();
                assertThat(first.selectNow()).isZero();
                assertThat(second.selectNow()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAnAcceptedConnection_whenItIsRegistered_thenTheSelectorReadsIt(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                Selector selector = Selector.open();
                ServerSocketChannel server = cluster.bound()) {
            register(server, selector);
            try (SocketChannel client = FakeCluster.connect(server);
                    SocketChannel accepted = acceptFrom(selector)) {
                accepted.configureBlocking(false);
                accepted.register(selector, SelectionKey.OP_READ);
                client.write(ByteBuffer.wrap("x".getBytes(US_ASCII)));

                assertThat(selector.select(WAIT_MILLIS)).isOne();
                assertThat(selector.selectedKeys().iterator().next().channel()).isSameAs(accepted);
                assertThat(accepted.read(ByteBuffer.allocate(2))).isOne();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenARegisteredServer_whenItIsClosed_thenItsDescriptorIsFreedByTheNextSelect(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                Selector selector = Selector.open()) {
            ServerSocketChannel server = cluster.bound();
            SelectionKey key = register(server, selector);
            assertThat(selector.selectNow()).isZero();
            int descriptor = ((sun.nio.ch.SelChImpl) server).getFDVal();

            server.close();

            assertThat(key.isValid()).isFalse();
            assertThat(NothingLeft.descriptors()).containsKey(descriptor);
            assertThat(selector.selectNow()).isZero();
            assertThat(selector.keys()).isEmpty();
            assertThat(NothingLeft.descriptors()).doesNotContainKey(descriptor);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenAClosedServerStillRegistered_whenTheSelectorIsClosed_thenItsDescriptorIsFreed(
            Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind)) {
            Selector selector = Selector.open();
            ServerSocketChannel server = cluster.bound();
            register(server, selector);
            server.close();

            selector.close();

            assertThat(server.isRegistered()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void givenARegisteredServer_whenItIsMadeBlocking_thenItMustLeaveTheSelectorFirst(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind);
                Selector selector = Selector.open();
                ServerSocketChannel server = cluster.bound()) {
            SelectionKey key = register(server, selector);
            assertThatThrownBy(() -> server.configureBlocking(true))
                    .isInstanceOf(IllegalBlockingModeException.class);

            key.cancel();
            selector.selectNow();
            server.configureBlocking(true);

            try (SocketChannel client = FakeCluster.connect(server);
                    SocketChannel accepted = server.accept()) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
            }
        }
    }

    private static SelectionKey register(ServerSocketChannel server, Selector selector)
            throws IOException {
        server.configureBlocking(false);
        return server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Selects until a connection can be accepted: another may have been faster, as in life. */
    private static SocketChannel acceptFrom(Selector selector) throws IOException {
        while (true) {
            if (selector.select(WAIT_MILLIS) == 0) {
                throw new AssertionError("nothing was selected");
            }
            SelectionKey key = selector.selectedKeys().iterator().next();
            assertThat(key.isAcceptable()).isTrue();
            SocketChannel accepted = ((ServerSocketChannel) key.channel()).accept();
            selector.selectedKeys().clear();
            if (accepted != null) {
                return accepted;
            }
        }
    }
}
