package dev.prefork.it.servers;

import java.io.IOException;
import java.util.Optional;

/** Requests as a browser makes them: over one connection, or a new one when the server closes. */
final class HttpSession implements Session {
    private final TcpTarget target;
    private final String path;
    private final String text;
    private final boolean kept;
    private boolean used;
    private HttpConnection connection;

    /**
     * Opens it.
     *
     * @param text what each answer must have
     * @param kept whether a connection is used again
     */
    HttpSession(int port, String path, String text, boolean kept) throws IOException {
        this.target = new TcpTarget(port, Optional.empty());
        this.path = path;
        this.text = text;
        this.kept = kept;
        this.connection = target.connect();
    }

    @Override
    public int ask() throws IOException {
        if (connection.ends() || (used && !kept)) {
            connection.close();
            connection = target.connect();
        }
        used = true;
        String answer = connection.get(path);
        Protocol.expect(text, answer.contains(text), answer);
        return 0;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
