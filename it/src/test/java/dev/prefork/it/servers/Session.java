package dev.prefork.it.servers;

import java.io.IOException;

/** What a client has open with a server, of whatever protocol. */
interface Session extends AutoCloseable {
    /** One request and its answer: the pid of who answered, 0 where the protocol does not tell. */
    int ask() throws IOException;

    @Override
    void close() throws IOException;

    /** Opens one. */
    interface Opener {
        Session open() throws IOException;
    }
}
