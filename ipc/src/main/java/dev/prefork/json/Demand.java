package dev.prefork.json;

/**
 * Whether anybody asks for the values of texts from one source, rather than for types of their own:
 * if not, they need not be made. Once asked for, they are made at once. Safe for any thread.
 */
public final class Demand {
    private volatile boolean isThere;

    public boolean isThere() {
        return isThere;
    }

    void arises() {
        isThere = true;
    }
}
