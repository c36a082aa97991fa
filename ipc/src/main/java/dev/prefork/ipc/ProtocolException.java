package dev.prefork.ipc;

import java.io.IOException;

/** The other end sent what the protocol does not allow; its channel cannot be trusted any more. */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    public ProtocolException(String message) {
        super(message);
    }

    public ProtocolException(String message, Throwable cause) {
        super(message, cause);
    }
}
