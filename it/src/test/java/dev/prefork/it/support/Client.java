package dev.prefork.it.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One connection of a client to a port of this machine. No wait is longer than the deadline. */
public final class Client implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Socket socket;

    private Client(Socket socket) {
        this.socket = socket;
    }

    public static Client connect(int port) throws IOException {
        return connect(new Socket(), port);
    }

    /** As a client that has this address. */
    public static Client connectFrom(InetAddress address, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(address, 0));
        return connect(socket, port);
    }

    private static Client connect(Socket socket, int port) throws IOException {
        try {
            socket.setSoTimeout((int) DEADLINE.toMillis());
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    (int) DEADLINE.toMillis());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return new Client(socket);
    }

    /** A new connection: all that the server says until it closes. */
    public static String read(int port) throws IOException {
        try (Client client = connect(port)) {
            return client.readToEnd();
        }
    }

    /** A new connection: sends a line, and returns all that the server says until it closes. */
    public static String ask(int port, String line) throws IOException {
        try (Client client = connect(port)) {
            return client.send(line + "\n").readToEnd();
        }
    }

    /** A new connection for one HTTP request: the body of the response, which must be a 200. */
    public static String get(int port, String path) throws IOException {
        try (Client client = connect(port)) {
            return client.get(path);
        }
    }

    /** The only HTTP request: the body of the response, which must be a 200. */
    public String get(String path) throws IOException {
        String response =
                send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .readToEnd();
        if (!response.startsWith("HTTP/1.1 200 ")) {
            throw new IOException("not a 200: " + response);
        }
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }

    /** The port of this end, by which the server may know the connection. */
    public int localPort() {
        return socket.getLocalPort();
    }

    public Client send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        return this;
    }

    /** Everything until the server closes. */
    public String readToEnd() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    /** So many characters of ASCII, fewer only at the end. */
    public String readSome(int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), UTF_8);
    }

    /**
     * As {@link #readToEnd}, while the test does something else; closes the connection after it.
     */
    public CompletableFuture<String> answer() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (this) {
                                answer.complete(readToEnd());
                            } catch (IOException | RuntimeException e) {
                                answer.completeExceptionally(e);
                            }
                        });
        return answer;
    }

    /** The next byte; −1 at the end. */
    public int read() throws IOException {
        return socket.getInputStream().read();
    }

    /** The text before the next newline, or before the end. */
    public String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = socket.getInputStream().read(); b >= 0 && b != '\n'; ) {
            line.write(b);
            b = socket.getInputStream().read();
        }
        return line.toString(UTF_8);
    }

    /** Closes the connection in such a way that the server's end fails. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
