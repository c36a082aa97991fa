package dev.prefork;

import java.util.Objects;

/**
 * The other process has answered a question with a refusal; what {@link Worker#ask} fails with. A
 * listener of {@link Worker#onAsk} throws it to refuse.
 */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A refusal; the reason is the message, and reaches the other process. */
    public RefusedException(String reason) {
        super(Objects.requireNonNull(reason, "reason is null"));
    }
}
