package dev.prefork.servers.jdk;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Every kind of server socket of the JDK: {@code java -jar jdk.jar KIND PORT}. */
final class JdkServers {
    private JdkServers() {}

    public static void main(String[] args) throws Exception {
        String where = args[1];
        switch (args[0]) {
            case "http" -> HttpServers.http(port(where));
            case "http-virtual" -> HttpServers.httpOnVirtualThreads(port(where));
            case "https" -> HttpServers.https(port(where));
            case "socket" -> StreamServers.serverSocket(port(where));
            case "tls" -> StreamServers.tlsServerSocket(port(where));
            case "channel" -> StreamServers.serverSocketChannel(port(where));
            case "unix" -> StreamServers.unixServerSocketChannel(Path.of(where));
            case "async" -> AsyncServer.start(port(where));
            case "udp" -> DatagramServers.socket(port(where));
            case "udp-channel" -> DatagramServers.channel(port(where));
            default -> throw new IllegalArgumentException("kind=" + args[0]);
        }
    }

    private static InetSocketAddress port(String number) {
        return new InetSocketAddress(Integer.parseInt(number));
    }
}
