package dev.prefork.servers.vertx;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Vert.x: {@code java -jar vertx.jar PORT}. */
final class VertxServer {
    private static final long PID = ProcessHandle.current().pid();

    private final Vertx vertx;

    private VertxServer(Vertx vertx) {
        this.vertx = vertx;
    }

    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx();
        vertx.createHttpServer()
                .requestHandler(new VertxServer(vertx)::answer)
                .listen(Integer.parseInt(args[0]))
                .await();
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response().putHeader("Content-Type", "text/plain");
        if (request.path().equals("/stream")) {
            String lines = request.getParam("lines", "10");
            response.setChunked(true);
            stream(response, 1, Integer.parseInt(lines));
        } else {
            String remote =
                    request.remoteAddress().hostAddress() + ":" + request.remoteAddress().port();
            response.end("pid=" + PID + " remote=" + remote + "\n");
        }
    }

    private void stream(HttpServerResponse response, int line, int lines) {
        if (line > lines) {
            response.end();
            return;
        }
        response.write("pid=" + PID + " line=" + line + "\n");
        vertx.setTimer(100, timer -> stream(response, line + 1, lines));
    }
}
