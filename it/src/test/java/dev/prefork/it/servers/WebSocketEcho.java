package dev.prefork.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket session with whichever worker got it. */
final class WebSocketEcho implements WebSocket.Listener {
    private static final long DEADLINE_SECONDS = 20;

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket session;
    private int messages;

    WebSocketEcho(String port) {
        session =
                client.newWebSocketBuilder()
                        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), this)
                        .join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
        events.add(text.toString());
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
        events.add("closed " + status + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable problem) {
        events.add("error " + problem);
    }

    /** Sends a message; the pid of the worker that answered it. */
    int echo() throws InterruptedException {
        String text = "message " + messages++;
        var _ = session.sendText(text, true).join();
        String answer = events.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(answer).matches("pid=\\d+ " + text);
        return Integer.parseInt(answer.substring("pid=".length(), answer.indexOf(' ')));
    }

    /** Closes as the protocol wants it: the other side closes too. */
    void end() throws InterruptedException {
        var _ = session.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(events.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).startsWith("closed 1000");
        client.close();
    }
}
