package dev.prefork.it.fire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A client that asks one server, by new connections or over one that it keeps, and checks. */
final class Asker implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(15);

    private static final AtomicLong REQUESTS = new AtomicLong();

    private final int port;
    private final Duration deadline;
    private final boolean keeps;
    private Socket socket;
    private boolean isKept;
    private String head;
    private int pid;

    private Asker(int port, boolean keeps, Duration deadline) {
        this.port = port;
        this.keeps = keeps;
        this.deadline = deadline;
    }

    /** A new connection for each request. */
    static Asker anew(int port) {
        return new Asker(port, false, DEADLINE);
    }

    /** The same connection until the server says that it closes it. */
    static Asker keeping(int port) {
        return new Asker(port, true, DEADLINE);
    }

    Asker within(Duration other) {
        return new Asker(port, keeps, other);
    }

    Asked ask() {
        return ask("/" + REQUESTS.incrementAndGet());
    }

    /** Asks for a path of its own kind, such as {@code /slow}. */
    Asked ask(String path) {
        long begunAt = System.nanoTime();
        boolean wasKept = isKept;
        Outcome outcome;
        String text;
        int local = 0;
        try {
            if (socket == null) {
                connect();
            }
            local = socket.getLocalPort();
            send(path);
            String body = read();
            String[] words = body.split(" ", 3);
            boolean isRight = words.length == 3 && words[0].equals(path);
            outcome = isRight ? Outcome.ANSWERED : Outcome.WRONG;
            text = isRight ? words[2] : body;
            pid = isRight ? Integer.parseInt(words[1]) : pid;
        } catch (ConnectException e) {
            outcome = Outcome.REFUSED;
            text = String.valueOf(e.getMessage());
        } catch (SocketTimeoutException e) {
            outcome = Outcome.HUNG;
            text = String.valueOf(e.getMessage());
        } catch (IOException e) {
            outcome = Outcome.RESET;
            text = String.valueOf(e.getMessage());
        }
        isKept = keeps && outcome == Outcome.ANSWERED && !head.contains("connection: close");
        long nanos = System.nanoTime() - begunAt;
        Asked asked = new Asked(outcome, wasKept, begunAt, nanos, local, pid, text);
        if (!isKept) {
            close();
        }
        return asked;
    }

    /** Connects, and says nothing. */
    void connect() throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) deadline.toMillis());
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                (int) deadline.toMillis());
    }

    private void send(String path) throws IOException {
        String request =
                "GET "
                        + path
                        + " HTTP/1.1\r\nHost: localhost\r\n"
                        + (keeps ? "\r\n" : "Connection: close\r\n\r\n");
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    }

    /** The body. */
    private String read() throws IOException {
        byte[] bytes = new byte[4096];
        int count = 0;
        int bodyAt = -1;
        int end = Integer.MAX_VALUE;
        while (count < end) {
            int more = socket.getInputStream().read(bytes, count, bytes.length - count);
            if (more < 0) {
                throw new EOFException("after " + count + " bytes");
            }
            count += more;
            if (bodyAt < 0) {
                String text = new String(bytes, 0, count, ISO_8859_1);
                bodyAt = text.indexOf("\r\n\r\n") + 4;
                if (bodyAt < 4) {
                    bodyAt = -1;
                } else {
                    head = text.substring(0, bodyAt).toLowerCase(java.util.Locale.ROOT);
                    end = bodyAt + contentLength();
                }
            }
        }
        return head.contains(" 200 ") ? new String(bytes, bodyAt, end - bodyAt, ISO_8859_1) : "";
    }

    private int contentLength() throws IOException {
        int at = head.indexOf("content-length:");
        if (at < 0) {
            throw new EOFException("no length in " + head);
        }
        int from = at + "content-length:".length();
        return Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    }

    @Override
    public void close() {
        isKept = false;
        pid = 0;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // It was closed by the other side.
            }
            socket = null;
        }
    }
}
