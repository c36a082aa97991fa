package dev.prefork.servers.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What the servers say. */
final class Answers {
    private static final long PAUSE_MILLIS = 100;

    private Answers() {}

    /** One line: this process, and the client as this process sees it. */
    static String whoAndWhom(SocketAddress remote) {
        String client =
                remote instanceof InetSocketAddress inet
                        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                        : String.valueOf(remote);
        return "pid=" + ProcessHandle.current().pid() + " remote=" + client + "\n";
    }

    /** A line at once, then one each time; as many as {@code ?lines=N} in the target says. */
    static void writeSlowly(OutputStream out, String target) throws IOException {
        for (int line = 1; line <= lines(target); line++) {
            if (line > 1) {
                pause();
            }
            String text = "pid=" + ProcessHandle.current().pid() + " line=" + line + "\n";
            out.write(text.getBytes(UTF_8));
            out.flush();
        }
    }

    private static int lines(String target) {
        int query = target.indexOf("?lines=");
        return query < 0 ? 10 : Integer.parseInt(target.substring(query + "?lines=".length()));
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
