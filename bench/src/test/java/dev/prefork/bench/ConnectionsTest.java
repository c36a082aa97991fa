package dev.prefork.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

class ConnectionsTest {
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().name("responder").daemon().start(this::answer);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void eachIsCountedForWhoHasAnsweredIt() throws IOException {
        Connections connections = Connections.open(server.getLocalPort(), 10, 3);

        assertThat(connections.countsByWorker()).isEqualTo(Map.of("01", 5L, "02", 5L));
    }

    @Test
    void eachOfThoseInTimeIsMeasured() throws IOException {
        Connections connections = Connections.openInTime(server.getLocalPort(), 5, 1_000_000);

        assertThat(connections.millis()).hasSize(5).allMatch(millis -> millis > 0);
    }

    @Test
    void whereNobodyListensItSaysSo() throws IOException {
        server.close();

        Connections connections = Connections.open(server.getLocalPort(), 2, 1);

        assertThatThrownBy(connections::millis)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a connection failed: ");
    }

    /** As two workers by turns. */
    private void answer() {
        try {
            for (int i = 0; ; i++) {
                try (Socket socket = server.accept()) {
                    var _ = socket.getInputStream().read(new byte[4096]);
                    String text = "HTTP/1.1 200 OK\r\n\r\n0" + (1 + i % 2);
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException closed) {
            // The test has ended.
        }
    }
}
