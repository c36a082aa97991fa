package dev.prefork.cli;

/** A mistake of the user; the message says what it is and what to do next. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
