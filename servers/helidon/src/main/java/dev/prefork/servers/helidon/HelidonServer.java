package dev.prefork.servers.helidon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.OutputStream;

/** Helidon: {@code java -jar helidon.jar PORT}. */
final class HelidonServer {
    private static final long PID = ProcessHandle.current().pid();

    private HelidonServer() {}

    public static void main(String[] args) {
        WebServer.builder()
                .port(Integer.parseInt(args[0]))
                .routing(
                        routes ->
                                routes.get("/", HelidonServer::answer)
                                        .get("/stream", HelidonServer::stream))
                .build()
                .start();
    }

    private static void answer(ServerRequest request, ServerResponse response) {
        String remote = request.remotePeer().host() + ":" + request.remotePeer().port();
        response.header(HeaderNames.CONTENT_TYPE, "text/plain");
        response.send("pid=" + PID + " remote=" + remote + "\n");
    }

    private static void stream(ServerRequest request, ServerResponse response) throws Exception {
        int lines = Integer.parseInt(request.query().first("lines").orElse("10"));
        response.header(HeaderNames.CONTENT_TYPE, "text/plain");
        try (OutputStream out = response.outputStream()) {
            for (int line = 1; line <= lines; line++) {
                if (line > 1) {
                    Thread.sleep(100);
                }
                out.write(("pid=" + PID + " line=" + line + "\n").getBytes(UTF_8));
                out.flush();
            }
        }
    }
}
