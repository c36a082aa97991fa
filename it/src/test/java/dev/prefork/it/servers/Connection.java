package dev.prefork.it.servers;

import java.io.IOException;
import java.util.List;

/** A client's connection to one of the servers, for requests one after the other. */
interface Connection extends Session {
    /** Its own address, as a server must see it: {@code 127.0.0.1:4711}; empty on a Unix socket. */
    String local() throws IOException;

    /** One request; the text of the answer. */
    String get() throws IOException;

    /** A request for so many lines, of which the server sends one each 100 ms; reads them all. */
    List<String> stream(int lines) throws IOException;

    @Override
    default int ask() throws IOException {
        return Answer.to(this).pid();
    }

    /** Opens connections to one address. */
    interface Target extends AutoCloseable {
        Connection connect() throws IOException;

        /** What the program is told to listen on. */
        String argument();

        /** Fails when anything is left of the server. */
        void assertFree() throws IOException;

        /** Ends what the client itself needs. */
        @Override
        default void close() {}
    }
}
