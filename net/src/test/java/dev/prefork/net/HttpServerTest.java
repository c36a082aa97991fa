package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpServer;

import dev.prefork.net.FakeCluster.Kind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The JDK's own server, unmodified. Needs a JVM with {@code
 * -Djava.nio.channels.spi.SelectorProvider=dev.prefork.net.ClusterSelectorProvider}. SPEC D3.
 */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class HttpServerTest {
    private static final int REQUESTS = 50;

    private HttpClient client;

    /** The JVM's other users of selectors keep what they open with their first. */
    @BeforeAll
    static void theProviderIsOurs() throws IOException {
        assertThat(SelectorProvider.provider()).isInstanceOf(ClusterSelectorProvider.class);
    }

    @BeforeEach
    void openClient() {
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void closeClient() {
        client.close();
        ListenBrokers.install(null);
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "JDK", mode = EnumSource.Mode.EXCLUDE)
    void givenAnUnmodifiedServer_whenItIsAsked_thenItAnswers(Kind kind) throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind)) {
            ListenBrokers.install(kind == Kind.NO_BROKER ? null : cluster);
            HttpServer server = HttpServer.create(FakeCluster.ANY_PORT, 0);
            assertServes(server);
            assertThat(cluster.requests).hasSize(kind == Kind.NO_BROKER ? 0 : 1);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "JDK", mode = EnumSource.Mode.EXCLUDE)
    void givenAServerThatRegistersBeforeItBinds_whenItIsAsked_thenItAnswers(Kind kind)
            throws Exception {
        try (FakeCluster cluster = new FakeCluster(kind)) {
            ListenBrokers.install(kind == Kind.NO_BROKER ? null : cluster);
            HttpServer server = HttpServer.create();
            server.bind(FakeCluster.ANY_PORT, 0);
            assertServes(server);
        }
    }

    @Test
    void givenNoBrokerInstalled_whenItIsAsked_thenServiceLoaderFoundNone() {
        assertThat(ListenBrokers.current()).isEmpty();
    }

    private void assertServes(HttpServer server) throws IOException, InterruptedException {
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRemoteAddress().toString().getBytes(US_ASCII);
                    // One connection each, so that many are accepted.
                    exchange.getResponseHeaders().add("Connection", "close");
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            server.setExecutor(threads);
            server.start();
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(get(server.getAddress())).startsWith("/127.0.0.1:");
            }
        } finally {
            server.stop(0);
            threads.close();
        }
    }

    private String get(InetSocketAddress server) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.getPort() + "/");
        HttpResponse<String> response =
                client.send(
                        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}
