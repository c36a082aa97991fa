package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Program;

import java.io.IOException;
import java.util.List;

/**
 * The program of these tests: its primary forks two workers, which serve one port. Beside that it
 * tells what the JVM was given.
 */
final class Sample {
    static final String NAME = "Main";

    /** In no package. */
    static final String SOURCE =
            """
            import com.sun.net.httpserver.HttpServer;
            import dev.prefork.Cluster;
            import java.net.InetAddress;
            import java.net.InetSocketAddress;

            public class Main {
                public static void main(String[] args) throws Exception {
                    if (Cluster.isPrimary()) {
                        Cluster.onListening((w, address) -> System.out.println("port " + address.port()));
                        Cluster.onMessage((w, message) -> System.out.println(message));
                        Cluster.onExit((w, exit) -> System.out.println("ended " + exit));
                        Cluster.fork();
                        if (!args[1].equals("alone")) Cluster.fork();
                        return;
                    }
                    Cluster.worker().send(
                            "worker " + String.join(",", args) + " " + System.getProperty("said"));
                    switch (args[0]) {
                        case "serve" -> serve();
                        case "fail" -> {
                            Thread.setDefaultUncaughtExceptionHandler((t, e) -> {});
                            throw new IllegalStateException("as asked");
                        }
                        case "listen" -> Cluster.worker().onMessage(m -> {});
                        default -> {}
                    }
                }

                static void serve() throws Exception {
                    var server = HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                    server.createContext("/", exchange -> {
                        exchange.sendResponseHeaders(200, 2);
                        exchange.getResponseBody().write("ok".getBytes());
                        exchange.close();
                    });
                    server.start();
                }
            }
            """;

    /** Before the program. */
    static final List<String> OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx128m",
                    "-Dsaid=so",
                    "--enable-native-access=ALL-UNNAMED");

    /** After it. */
    static final List<String> ARGUMENTS = List.of("serve", "two words");

    private Sample() {}

    /** It was started with these. */
    static void assertServes(Program program) throws IOException {
        assertThat(program.awaitLines("worker ", 2)).containsOnly("worker serve,two words so");
        List<Integer> ports = program.awaitNumbers("port", 2);
        assertThat(ports.get(0)).isEqualTo(ports.get(1));
        assertThat(Client.get(ports.get(0), "/")).isEqualTo("ok");
    }
}
