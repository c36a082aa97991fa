package dev.prefork.listen;

/** A client without a connection, for tests that do not look at it. */
public final class NoClient {
    private NoClient() {}

    /** It has no address. */
    public static Client get() {
        return new Client(null, 0);
    }
}
