package dev.prefork.it.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server of the folder servers/.
 *
 * @param name as the table shows it
 * @param jar without its ending
 * @param kind an argument before the address; empty for none
 * @param transport an argument after it; empty for none
 * @param version the property of servers/pom.xml; empty for the JDK's
 * @param socket what it accepts with, or receives
 */
record ServerProgram(
        String name,
        String jar,
        String kind,
        String transport,
        String version,
        String socket,
        Protocol protocol) {
    enum Protocol {
        /** Without streaming: its one thread would be busy with nothing else. */
        ONE_ANSWER_AT_A_TIME,
        HTTP,
        HTTP_AND_WEB_SOCKET,
        HTTPS,
        UNIX,
        DATAGRAMS,
        GRPC
    }

    static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private static final String TARGET =
            System.getProperty("prefork.fast") == null ? "target" : "target/fast";

    private static final String NIO = "ServerSocketChannel with a selector";

    /** Those that every build starts: one of each kind of socket. */
    private static final List<ServerProgram> USUAL =
            List.of(
                    jdk("JDK HttpServer", "http", NIO, Protocol.ONE_ANSWER_AT_A_TIME),
                    jdk("SSLServerSocket", "tls", "ServerSocket", Protocol.HTTPS),
                    jdk(
                            "AsynchronousServerSocketChannel",
                            "async",
                            "AsynchronousServerSocketChannel",
                            Protocol.HTTP),
                    jdk(
                            "ServerSocketChannel, Unix",
                            "unix",
                            "ServerSocketChannel, blocking, Unix",
                            Protocol.UNIX),
                    jdk("DatagramSocket", "udp", "DatagramSocket", Protocol.DATAGRAMS),
                    server(
                            "Jetty",
                            "jetty",
                            "ServerSocketChannel, blocking",
                            Protocol.HTTP_AND_WEB_SOCKET),
                    server("Tomcat NIO", "tomcat", "ServerSocketChannel, blocking", Protocol.HTTP)
                            .on("nio"),
                    server("Netty", "netty", NIO, Protocol.HTTP));

    private static final List<ServerProgram> OTHERS =
            List.of(
                    jdk("ServerSocket", "socket", "ServerSocket", Protocol.HTTP),
                    jdk("JDK HttpServer, virtual threads", "http-virtual", NIO, Protocol.HTTP),
                    jdk("JDK HttpsServer", "https", NIO, Protocol.HTTPS),
                    jdk("DatagramChannel", "udp-channel", "DatagramChannel", Protocol.DATAGRAMS),
                    jdk(
                            "ServerSocketChannel",
                            "channel",
                            "ServerSocketChannel, blocking",
                            Protocol.HTTP),
                    server(
                                    "Tomcat NIO2",
                                    "tomcat",
                                    "AsynchronousServerSocketChannel",
                                    Protocol.HTTP)
                            .on("nio2"),
                    server("Undertow", "undertow", NIO, Protocol.HTTP),
                    server("Helidon", "helidon", "ServerSocket", Protocol.HTTP),
                    server("Vert.x", "vertx", NIO, Protocol.HTTP),
                    server("gRPC", "grpc", NIO + "; native switched off", Protocol.GRPC),
                    server("gRPC NIO", "grpc", NIO, Protocol.GRPC).on("nio"),
                    server(
                            "Spring Boot, Tomcat",
                            "spring-tomcat",
                            "ServerSocketChannel, blocking",
                            Protocol.HTTP),
                    server(
                            "Spring Boot, Jetty",
                            "spring-jetty",
                            "ServerSocketChannel, blocking",
                            Protocol.HTTP));

    private static ServerProgram jdk(String name, String kind, String socket, Protocol protocol) {
        return new ServerProgram(name, "jdk", kind, "", "", socket, protocol);
    }

    private static ServerProgram server(String name, String jar, String socket, Protocol protocol) {
        String version = jar.startsWith("spring-") ? "spring-boot" : jar;
        return new ServerProgram(name, jar, "", "", version, socket, protocol);
    }

    private ServerProgram on(String word) {
        return new ServerProgram(name, jar, kind, word, version, socket, protocol);
    }

    static List<ServerProgram> usual() {
        return USUAL;
    }

    static List<ServerProgram> all() {
        return Stream.concat(USUAL.stream(), OTHERS.stream()).toList();
    }

    static Path jar(String name) {
        return PROJECT.resolve("servers/%s/%s/%s.jar".formatted(name, TARGET, name));
    }

    /** The words after prefork's own. */
    List<String> command(String address) {
        return Stream.of(jar(jar).toString(), kind, address, transport)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    boolean streams() {
        return protocol != Protocol.ONE_ANSWER_AT_A_TIME && protocol != Protocol.DATAGRAMS;
    }

    /** The version of the library, or of the JDK. */
    String versionNumber() throws IOException {
        if (version.isEmpty()) {
            return System.getProperty("java.version");
        }
        Matcher matcher =
                Pattern.compile("<" + version + "\\.version>(.+)</")
                        .matcher(Files.readString(PROJECT.resolve("servers/pom.xml")));
        if (!matcher.find()) {
            throw new IllegalStateException("no version of " + version + " in servers/pom.xml");
        }
        return matcher.group(1);
    }

    @Override
    public String toString() {
        return name;
    }
}
