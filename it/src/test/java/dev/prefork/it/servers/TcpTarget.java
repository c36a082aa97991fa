package dev.prefork.it.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/**
 * HTTP on a port of this machine.
 *
 * @param tls there is TLS on it
 */
record TcpTarget(int port, Optional<SSLContext> tls) implements Connection.Target {
    private static final int DEADLINE_MILLIS = 20_000;

    /** A port that nobody has now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public HttpConnection connect() throws IOException {
        Socket socket = new Socket();
        boolean open = false;
        try {
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.connect(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                    DEADLINE_MILLIS);
            if (tls.isPresent()) {
                socket = tls.get().getSocketFactory().createSocket(socket, "localhost", port, true);
            }
            open = true;
        } finally {
            if (!open) {
                socket.close();
            }
        }
        return new HttpConnection(
                socket,
                socket.getInputStream(),
                socket.getOutputStream(),
                "127.0.0.1:" + socket.getLocalPort());
    }

    @Override
    public String argument() {
        return "" + port;
    }

    @Override
    public void assertFree() throws IOException {
        new ServerSocket(port).close();
    }
}
