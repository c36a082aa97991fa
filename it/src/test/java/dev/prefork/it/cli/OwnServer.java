package dev.prefork.it.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.rmi.registry.LocateRegistry;

import javax.net.ServerSocketFactory;

/**
 * Answers each HTTP request by its pid, on a server socket that is made in the way that its first
 * argument names, at the port that is its second. A third is the port of an RMI registry, with
 * server sockets of its own as well.
 */
final class OwnServer {
    private OwnServer() {}

    /** A connection that says whose it is. */
    private static final class MarkedSocket extends Socket {}

    /** Makes its connections itself. */
    private static final class Marking extends ServerSocket {
        Marking(int port) throws IOException {
            super(port, 50, InetAddress.getLoopbackAddress());
        }

        @Override
        public Socket accept() throws IOException {
            MarkedSocket socket = new MarkedSocket();
            implAccept(socket);
            return socket;
        }
    }

    /** Binds while it is made, and looks at each connection before anybody has it. */
    private static final class Looking extends ServerSocket {
        Looking(int port) throws IOException {
            setReuseAddress(true);
            bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        }

        @Override
        public Socket accept() throws IOException {
            Socket socket = super.accept();
            socket.setTcpNoDelay(true);
            return socket;
        }
    }

    public static void main(String[] args) throws IOException {
        if (args.length > 2) {
            LocateRegistry.createRegistry(Integer.parseInt(args[2]), null, OwnServer::forRmi);
        }
        try (ServerSocket server = open(args[0], Integer.parseInt(args[1]))) {
            while (true) {
                Socket socket = server.accept();
                if (args[0].equals("marking") && !(socket instanceof MarkedSocket)) {
                    throw new IllegalStateException("accepted " + socket.getClass());
                }
                Thread.ofVirtual().start(() -> answer(socket));
            }
        }
    }

    private static ServerSocket forRmi(int port) throws IOException {
        return new ServerSocket(port, 50, InetAddress.getLoopbackAddress()) {};
    }

    private static ServerSocket open(String kind, int port) throws IOException {
        return switch (kind) {
            case "marking" -> new Marking(port);
            case "looking" -> new Looking(port);
            case "factory" ->
                    ServerSocketFactory.getDefault()
                            .createServerSocket(port, 50, InetAddress.getLoopbackAddress());
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static void answer(Socket socket) {
        try (socket) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            for (String line = lines.readLine(); line != null && !line.isEmpty(); ) {
                line = lines.readLine();
            }
            String answer =
                    "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + ProcessHandle.current().pid();
            socket.getOutputStream().write(answer.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
