package dev.prefork;

/**
 * What was wanted of a {@link Pool} did not come about: a reload has failed, or no worker came to
 * serve and it gave up. The message says which worker, and why.
 */
public final class PoolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PoolException(String message) {
        super(message);
    }
}
