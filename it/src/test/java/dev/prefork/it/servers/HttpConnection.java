package dev.prefork.it.servers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** HTTP/1.1 with keep-alive over a connection of any kind; whatever is not a 200 is an error. */
final class HttpConnection implements Connection {
    private final Closeable socket;
    private final InputStream in;
    private final OutputStream out;
    private final String local;
    private boolean ends;

    HttpConnection(Closeable socket, InputStream in, OutputStream out, String local) {
        this.socket = socket;
        this.in = new BufferedInputStream(in);
        this.out = out;
        this.local = local;
    }

    @Override
    public String local() {
        return local;
    }

    @Override
    public String get() throws IOException {
        return get("/");
    }

    @Override
    public List<String> stream(int lines) throws IOException {
        return get("/stream?lines=" + lines).lines().toList();
    }

    /** The body of the answer. */
    String get(String target) throws IOException {
        out.write(
                ("GET "
                                + target
                                + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain, */*\r\n\r\n")
                        .getBytes(US_ASCII));
        out.flush();
        String status = line();
        List<String> headers = new ArrayList<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            headers.add(header.toLowerCase(Locale.ROOT));
        }
        ends = headers.contains("connection: close") || status.startsWith("HTTP/1.0");
        String body = new String(body(headers), UTF_8);
        if (!status.matches("HTTP/1\\.[01] 200\\b.*")) {
            throw new IOException("not a 200: " + status + " " + headers + " " + body);
        }
        return body;
    }

    /** Whether the server has said that its last answer was the last of this connection. */
    boolean ends() {
        return ends;
    }

    private byte[] body(List<String> headers) throws IOException {
        String length = "content-length: ";
        for (String header : headers) {
            if (header.startsWith(length)) {
                return bytes(Integer.parseInt(header.substring(length.length())));
            }
        }
        if (ends && headers.stream().noneMatch(header -> header.startsWith("transfer-"))) {
            return in.readAllBytes();
        }
        if (!headers.contains("transfer-encoding: chunked")) {
            throw new IOException("a body without an end: " + headers);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk;
        do {
            chunk = bytes(Integer.parseInt(line(), 16));
            body.write(chunk);
            if (!line().isEmpty()) {
                throw new IOException("no end of the chunk after: " + body.toString(UTF_8));
            }
        } while (chunk.length > 0);
        return body.toByteArray();
    }

    private byte[] bytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("%d of %d bytes".formatted(bytes.length, count));
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server closed after '" + line.toString(UTF_8) + "'");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
