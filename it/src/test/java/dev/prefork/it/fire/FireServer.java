package dev.prefork.it.fire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The program under fire: HTTP/1.1 on virtual threads, which knows nothing of Prefork. An answer is
 * the path that was asked for, the pid and the version. Its jar says which version it is. With a
 * third argument it prints without end, and needs no descriptors but for its connections.
 */
final class FireServer {
    private static final Duration SLOW_REQUEST = Duration.ofSeconds(1);
    private static final Duration SLOW_START = Duration.ofSeconds(3);
    private static final Duration LIFE_OF_WHAT_DIES = Duration.ofMillis(1500);
    private static final Duration SHORT_PAUSE = Duration.ofMillis(10);

    private final Version version;
    private final InHand inHand;
    private final Thread.Builder threads;

    private FireServer(Version version, InHand inHand, Thread.Builder threads) {
        this.version = version;
        this.inHand = inHand;
        this.threads = threads;
    }

    public static void main(String[] args) throws IOException {
        Version version = readVersion();
        System.out.println("starting " + version.name());
        switch (version.fault()) {
            case EXITS -> System.exit(3);
            case SILENT -> sleep(Duration.ofDays(1));
            case SLOW -> sleep(SLOW_START);
            case DIES -> Thread.ofPlatform().daemon().start(FireServer::die);
            case NONE -> {}
        }
        InHand inHand = InHand.open(Path.of(args[1]));
        ServerSocketChannel server =
                ServerSocketChannel.open()
                        .bind(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(),
                                        Integer.parseInt(args[0])));
        boolean isInStorm = args.length > 2;
        if (isInStorm) {
            Thread.ofPlatform().daemon().start(FireServer::chatter);
        }
        // The first virtual threads that wait cost descriptors of the JDK's own.
        new FireServer(version, inHand, isInStorm ? Thread.ofPlatform() : Thread.ofVirtual())
                .serve(server);
    }

    private static Version readVersion() throws IOException {
        try (InputStream file = FireServer.class.getResourceAsStream(FireJar.VERSION)) {
            return Version.parse(new String(file.readAllBytes(), ISO_8859_1));
        }
    }

    private static void sleep(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void die() {
        sleep(LIFE_OF_WHAT_DIES);
        Runtime.getRuntime().halt(4);
    }

    /** About 20 kB a second. */
    private static void chatter() {
        while (true) {
            System.out.println("-".repeat(200));
            sleep(SHORT_PAUSE);
        }
    }

    private void serve(ServerSocketChannel server) {
        while (true) {
            try {
                SocketChannel connection = server.accept();
                int port = ((InetSocketAddress) connection.getRemoteAddress()).getPort();
                inHand.take(port);
                threads.start(() -> serve(connection, port));
            } catch (IOException noDescriptors) {
                sleep(SHORT_PAUSE);
            }
        }
    }

    private void serve(SocketChannel connection, int port) {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            boolean isOver = false;
            while (!isOver && connection.read(buffer) >= 0) {
                String request = new String(buffer.array(), 0, buffer.position(), ISO_8859_1);
                if (request.endsWith("\r\n\r\n")) {
                    isOver = request.contains("Connection: close");
                    answer(connection, request.split(" ", 3)[1], isOver);
                    buffer.clear();
                }
            }
        } catch (IOException cut) {
            // The client has gone.
        } finally {
            // In this order: the client may use its port anew as soon as we have closed.
            inHand.release(port);
            close(connection);
        }
    }

    private static void close(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(SocketChannel connection, String path, boolean isLast) throws IOException {
        if (path.startsWith("/slow")) {
            sleep(SLOW_REQUEST);
        } else if (path.startsWith("/spin")) {
            spin();
        }
        String body = path + " " + ProcessHandle.current().pid() + " " + version.name();
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n";
        String close = isLast ? "Connection: close\r\n" : "";
        ByteBuffer bytes = ByteBuffer.wrap((head + close + "\r\n" + body).getBytes(ISO_8859_1));
        while (bytes.hasRemaining()) {
            connection.write(bytes);
        }
    }

    private static void spin() {
        while (true) {
            Thread.onSpinWait();
        }
    }
}
