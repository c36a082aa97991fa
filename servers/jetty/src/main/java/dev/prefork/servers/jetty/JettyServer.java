package dev.prefork.servers.jetty;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

import java.io.OutputStream;

/** Jetty: {@code java -jar jetty.jar PORT}. */
final class JettyServer extends Handler.Abstract {
    private static final long PID = ProcessHandle.current().pid();

    public static void main(String[] args) throws Exception {
        Server server = new Server(Integer.parseInt(args[0]));
        WebSocketUpgradeHandler webSockets =
                WebSocketUpgradeHandler.from(
                        server,
                        container ->
                                container.addMapping(
                                        "/ws", (request, response, callback) -> new Echo()));
        webSockets.setHandler(new JettyServer());
        server.setHandler(webSockets);
        server.setStopAtShutdown(true);
        server.start();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
        if (Request.getPathInContext(request).equals("/stream")) {
            stream(Request.extractQueryParameters(request), response);
            callback.succeeded();
        } else {
            String remote = Request.getRemoteAddr(request) + ":" + Request.getRemotePort(request);
            Content.Sink.write(response, true, "pid=" + PID + " remote=" + remote + "\n", callback);
        }
        return true;
    }

    private static void stream(Fields query, Response response) throws Exception {
        int lines = query.get("lines") == null ? 10 : query.get("lines").getValueAsInt();
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
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
