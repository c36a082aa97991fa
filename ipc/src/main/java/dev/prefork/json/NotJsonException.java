package dev.prefork.json;

/** The text is not one value of JSON. */
public final class NotJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    NotJsonException(String message) {
        super(message);
    }

    NotJsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
