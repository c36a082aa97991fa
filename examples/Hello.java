import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A server like any other, which knows nothing of Prefork.
 *
 * <pre>
 *   java examples/Hello.java                # one process
 *   ./prefork run -w 2 examples/Hello.java  # two, on the same port
 * </pre>
 */
public class Hello {
    /** Takes the port, by default 8000. */
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8000;
        byte[] hello =
                ("Hello from process " + ProcessHandle.current().pid() + "\n")
                        .getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, hello.length);
                    exchange.getResponseBody().write(hello);
                    exchange.close();
                });
        server.start();
    }
}
