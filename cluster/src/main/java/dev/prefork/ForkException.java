package dev.prefork;

/**
 * The process of a worker could not be started; the message names what and why. Node tells of it by
 * an 'error' event of the worker.
 */
public final class ForkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ForkException(String message, Throwable cause) {
        super(message, cause);
    }
}
