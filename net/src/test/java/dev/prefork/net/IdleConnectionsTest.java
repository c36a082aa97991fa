package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.prefork.net.FakeCluster.Kind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** What a retiring worker does with connections that nobody uses. SPEC F5. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
@Timeout(120)
class IdleConnectionsTest {
    private static final String GET = "GET / HTTP/1.1\r\n\r\n";
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String LAST_HELLO = HELLO.replace("OK\r\n", "OK\r\nConnection: close\r\n");
    private static final Duration GRACE = Duration.ofMillis(50);

    @TempDir private Path folder;

    private FakeCluster cluster;

    @BeforeEach
    void watch() {
        cluster = new FakeCluster(Kind.LISTENER);
        cluster.servers.closeIdleAfter(GRACE);
    }

    @AfterEach
    void close() throws IOException {
        cluster.close();
    }

    /** How a server writes an answer. */
    enum Writing {
        CHANNEL {
            @Override
            void write(SocketChannel connection, String text) throws IOException {
                ByteBuffer bytes = bytes(text);
                while (bytes.hasRemaining()) {
                    assertThat(connection.write(bytes)).isPositive();
                }
            }
        },
        DIRECT {
            @Override
            void write(SocketChannel connection, String text) throws IOException {
                ByteBuffer bytes = ByteBuffer.allocateDirect(text.length() + 2).position(2);
                bytes.put(text.getBytes(US_ASCII)).flip().position(2);
                assertThat(connection.write(bytes)).isEqualTo(text.length());
            }
        },
        GATHERED {
            @Override
            void write(SocketChannel connection, String text) throws IOException {
                int body = text.length() / 2;
                ByteBuffer[] parts = {
                    bytes("none of it"),
                    bytes(text.substring(0, body)),
                    bytes(""),
                    bytes(text.substring(body)),
                    bytes("nor this")
                };
                assertThat(connection.write(parts, 1, 3)).isEqualTo(text.length());
                assertThat(parts[3].hasRemaining()).isFalse();
            }
        },
        STREAM {
            @Override
            void write(SocketChannel connection, String text) throws IOException {
                byte[] bytes = ("xx" + text + "xx").getBytes(US_ASCII);
                connection.socket().getOutputStream().write(bytes, 2, text.length());
            }
        };

        abstract void write(SocketChannel connection, String text) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Writing.class)
    void givenAnAnsweredRequest_whenTheWorkerRetires_thenTheServerSeesTheEnd(Writing writing)
            throws IOException {
        try (ServerSocketChannel server = cluster.bound();
                SocketChannel client = FakeCluster.connect(server);
                SocketChannel accepted = server.accept()) {
            client.write(bytes(GET));
            assertThat(read(accepted, GET.length())).isEqualTo(GET);
            cluster.servers.closeIdle();
            writing.write(accepted, HELLO);
            assertThat(read(client, HELLO.length())).isEqualTo(HELLO);

            CompletableFuture<Void> retired = cluster.servers.retire();

            awaitEnd(accepted);
            // What comes before the server has looked is served.
            writing.write(accepted, "more");
            accepted.close();
            assertThat(read(client, 100)).isEqualTo("more");
            assertThat(retired).isDone();
        }
    }

    @ParameterizedTest
    @EnumSource(Writing.class)
    void givenARequest_whenTheWorkerRetires_thenItIsAnsweredForTheLastTime(Writing writing)
            throws IOException {
        try (ServerSocketChannel server = cluster.bound();
                SocketChannel client = FakeCluster.connect(server);
                SocketChannel accepted = server.accept()) {
            client.write(bytes(GET));
            byte[] read = accepted.socket().getInputStream().readNBytes(GET.length());
            assertThat(read).asString(US_ASCII).isEqualTo(GET);

            var _ = cluster.servers.retire();

            writing.write(accepted, HELLO);
            assertThat(read(client, LAST_HELLO.length())).isEqualTo(LAST_HELLO);
            // It need not be silent for long: the client has been told.
            cluster.servers.closeIdleAfter(Duration.ofDays(1));
            awaitEnd(accepted);
        }
    }

    @Test
    void givenARequestWithoutAnAnswer_whenTheWorkerRetires_thenItStaysOpen() throws Exception {
        try (ServerSocketChannel server = cluster.bound();
                SocketChannel client = FakeCluster.connect(server);
                SocketChannel accepted = server.accept();
                SocketChannel idleClient = FakeCluster.connect(server);
                SocketChannel idle = server.accept()) {
            client.write(bytes(GET));
            assertThat(read(accepted, GET.length())).isEqualTo(GET);
            assertThat(idleClient.isConnected()).isTrue();

            var _ = cluster.servers.retire();

            // By then the other one would have come to its end as well.
            awaitEnd(idle);
            accepted.configureBlocking(false);
            assertThat(accepted.read(ByteBuffer.allocate(1))).isZero();
        }
    }

    @Test
    void givenAFile_whenAllOfItIsSent_thenTheServerSeesTheEnd() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[3000]);
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n";
        try (ServerSocketChannel server = cluster.bound();
                SocketChannel client = FakeCluster.connect(server);
                SocketChannel accepted = server.accept();
                FileChannel content = FileChannel.open(file)) {
            client.write(bytes(GET));
            assertThat(read(accepted, GET.length())).isEqualTo(GET);
            accepted.write(bytes(head));
            assertThat(content.transferTo(0, 3000, accepted)).isEqualTo(3000);
            assertThat(read(client, head.length() + 3000)).startsWith(head);

            var _ = cluster.servers.retire();

            awaitEnd(accepted);
        }
    }

    /** The socket takes a part of the answer, which ends before, in or behind our line. */
    @Test
    void givenAFullSocket_whenAnAnswerIsWritten_thenNoByteIsLost() throws IOException {
        try (ServerSocketChannel server = cluster.bound();
                SocketChannel client = FakeCluster.connect(server);
                SocketChannel accepted = server.accept()) {
            accepted.configureBlocking(false);
            accepted.setOption(StandardSocketOptions.SO_SNDBUF, 4096);
            client.write(bytes(GET));
            await().until(() -> accepted.read(ByteBuffer.allocate(100)) > 0);
            var _ = cluster.servers.retire();
            String answer = HELLO.replace("5", "5000000").replace("hello", "x".repeat(5_000_000));

            CompletableFuture<Void> writing =
                    CompletableFuture.runAsync(
                            () -> {
                                ByteBuffer bytes = bytes(answer);
                                while (bytes.hasRemaining()) {
                                    write(accepted, bytes);
                                }
                            });

            String expected = answer.replace("OK\r\n", "OK\r\nConnection: close\r\n");
            assertThat(read(client, expected.length())).isEqualTo(expected);
            writing.join();
            awaitEnd(accepted);
        }
    }

    private static void write(SocketChannel connection, ByteBuffer bytes) {
        try {
            connection.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void givenAUnixSocket_whenTheWorkerRetires_thenWhatIsAnsweredEnds() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        try (ServerSocketChannel server =
                        cluster.open(java.net.StandardProtocolFamily.UNIX).bind(address);
                SocketChannel client = SocketChannel.open((SocketAddress) address);
                SocketChannel accepted = server.accept()) {
            client.write(bytes(GET));
            assertThat(read(accepted, GET.length())).isEqualTo(GET);
            accepted.write(bytes(HELLO));
            assertThat(read(client, HELLO.length())).isEqualTo(HELLO);

            var _ = cluster.servers.retire();

            awaitEnd(accepted);
        }
    }

    @Test
    void givenASocket_whenTheServerSpokeLastForLong_thenItSeesTheEnd() throws IOException {
        try (ServerSocket server = cluster.openServerSocket()) {
            server.bind(FakeCluster.ANY_PORT);
            try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                    Socket accepted = server.accept()) {
                accepted.getOutputStream().write("220 ready\r\n".getBytes(US_ASCII));

                var _ = cluster.servers.retire();

                accepted.setSoTimeout(1);
                await().ignoreException(java.net.SocketTimeoutException.class)
                        .until(
                                () -> {
                                    cluster.servers.closeIdle();
                                    return accepted.getInputStream().read() == -1;
                                });
                assertThat(client.getInputStream().readNBytes(11)).startsWith('2', '2', '0');
            }
        }
    }

    @Test
    void givenAnAsynchronousConnection_whenNothingEverCame_thenItSeesTheEnd() throws Exception {
        try (AsynchronousCluster asynchronous = new AsynchronousCluster(Kind.LISTENER)) {
            OpenServers servers = asynchronous.fake.servers;
            servers.closeIdleAfter(GRACE);
            try (AsynchronousServerSocketChannel server = asynchronous.bound();
                    SocketChannel client = AsynchronousCluster.connect(server);
                    AsynchronousSocketChannel accepted = Completion.connection(server.accept())) {
                var read = accepted.read(ByteBuffer.allocate(1));

                CompletableFuture<Void> retired = servers.retire();

                await().until(
                                () -> {
                                    servers.closeIdle();
                                    return read.isDone();
                                });
                assertThat(read.get()).isEqualTo(-1);
                assertThat(client.isConnected()).isTrue();
                accepted.close();
                servers.closeIdle();
                assertThat(retired).isDone();
            }
        }
    }

    /** Its number may be another's by then. */
    @Test
    @SuppressWarnings("unchecked")
    void givenAClosedConnection_thenItsDescriptorIsLentNoMore() throws Exception {
        try (ServerSocketChannel server = cluster.bound();
                SocketChannel client = FakeCluster.connect(server)) {
            SocketChannel accepted = server.accept();
            List<Integer> lent = new ArrayList<>();
            Consumer<IntConsumer> lender = (Consumer<IntConsumer>) accepted;

            lender.accept(lent::add);
            accepted.close();
            lender.accept(lent::add);

            assertThat(lent).hasSize(1);
            assertThat(client.isOpen()).isTrue();
        }
    }

    private void awaitEnd(SocketChannel connection) throws IOException {
        connection.configureBlocking(false);
        await().until(
                        () -> {
                            cluster.servers.closeIdle();
                            return connection.read(ByteBuffer.allocate(1)) == -1;
                        });
        connection.configureBlocking(true);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    /** So many bytes, or what there is until the end. */
    private static String read(SocketChannel connection, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining() && connection.read(bytes) >= 0) {
            // The rest of it follows.
        }
        return new String(bytes.array(), 0, bytes.position(), US_ASCII);
    }
}
