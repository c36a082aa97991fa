package dev.prefork.servers.jdk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;

/** HTTP/1.1 over a connection of any kind: GET, keep-alive, and a chunked answer. */
final class HttpByHand {
    private final InputStream in;
    private final OutputStream out;
    private final SocketAddress remote;

    HttpByHand(InputStream in, OutputStream out, SocketAddress remote) {
        this.in = new BufferedInputStream(in);
        this.out = new BufferedOutputStream(out);
        this.remote = remote;
    }

    /** Answers request after request; returns when the client closes or says that it will. */
    void serve() throws IOException {
        for (String request = line(); request != null; request = line()) {
            boolean isLast = readHeaders();
            String target = request.split(" ", -1)[1];
            if (target.startsWith("/stream")) {
                stream(target);
            } else {
                answer(Answers.whoAndWhom(remote));
            }
            if (isLast) {
                return;
            }
        }
    }

    /** True when the client wants no more answers. */
    private boolean readHeaders() throws IOException {
        boolean isLast = false;
        for (String header = line(); header != null && !header.isEmpty(); header = line()) {
            isLast |= header.equalsIgnoreCase("Connection: close");
        }
        return isLast;
    }

    /** Null at the end. */
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (next != '\r') {
                line.write(next);
            }
            next = in.read();
        }
        return line.toString(US_ASCII);
    }

    private void answer(String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        head("Content-Length: " + body.length);
        out.write(body);
        out.flush();
    }

    private void stream(String target) throws IOException {
        head("Transfer-Encoding: chunked");
        Answers.writeSlowly(new Chunks(), target);
        out.write("0\r\n\r\n".getBytes(US_ASCII));
        out.flush();
    }

    private void head(String length) throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + length + "\r\n\r\n";
        out.write(head.getBytes(US_ASCII));
    }

    /** Each write is a chunk. */
    private final class Chunks extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write((Integer.toHexString(length) + "\r\n").getBytes(US_ASCII));
            out.write(bytes, offset, length);
            out.write("\r\n".getBytes(US_ASCII));
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
