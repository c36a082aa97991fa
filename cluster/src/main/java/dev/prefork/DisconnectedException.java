package dev.prefork;

/**
 * The channel to the other process was closed before it had answered, or before it could be told;
 * what {@link Worker#ask} and {@link Worker#sendAsync} fail with. It may have heard the question.
 */
public final class DisconnectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DisconnectedException(String message) {
        super(message);
    }
}
