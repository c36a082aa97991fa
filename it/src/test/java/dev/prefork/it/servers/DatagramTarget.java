package dev.prefork.it.servers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;

/** A UDP echo. What is lost is sent again: with a worker that dies, what it had read is. */
record DatagramTarget(int port) implements Connection.Target {
    private static final int RESEND_AFTER_MILLIS = 500;
    private static final int TRIES = 20;
    private static final int MAX_BYTES = 1024;

    @Override
    public Connection connect() throws IOException {
        DatagramSocket socket = new DatagramSocket();
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        socket.setSoTimeout(RESEND_AFTER_MILLIS);
        return new Echo(socket);
    }

    @Override
    public String argument() {
        return "" + port;
    }

    @Override
    public void assertFree() throws IOException {
        new DatagramSocket(port).close();
    }

    private static final class Echo implements Connection {
        private final DatagramSocket socket;
        private int requests;

        Echo(DatagramSocket socket) {
            this.socket = socket;
        }

        @Override
        public String local() {
            return "127.0.0.1:" + socket.getLocalPort();
        }

        /**
         * The answer has what was sent in its second line; answers to earlier tries are skipped.
         */
        @Override
        public String get() throws IOException {
            String text = "request " + requests++;
            for (int tries = 0; tries < TRIES; tries++) {
                socket.send(new DatagramPacket(text.getBytes(UTF_8), text.length()));
                try {
                    String answer = receive();
                    while (!answer.endsWith("\n" + text)) {
                        answer = receive();
                    }
                    return answer;
                } catch (SocketTimeoutException lost) {
                    // UDP may.
                }
            }
            throw new IOException("no answer to " + TRIES + " datagrams");
        }

        private String receive() throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
            socket.receive(packet);
            return new String(packet.getData(), 0, packet.getLength(), UTF_8);
        }

        @Override
        public List<String> stream(int lines) {
            throw new UnsupportedOperationException("datagrams don't stream");
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
