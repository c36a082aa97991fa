package dev.prefork.worker;

import dev.prefork.net.WorkerLeavingException;
import dev.prefork.posix.Errno;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketException;

/** What a bind throws when the primary says no, as the JDK's own would (SPEC E1). */
final class BindFailures {
    private BindFailures() {}

    static SocketException of(int errno) {
        // Which of them are BindExceptions: the JDK's own choice, in libnio's Net.c.
        return switch (errno) {
            case Errno.EADDRINUSE, Errno.EADDRNOTAVAIL, Errno.EACCES, Errno.EPERM ->
                    new BindException(Errno.text(errno));
            default -> new SocketException(Errno.text(errno));
        };
    }

    static SocketException leaving() {
        return new WorkerLeavingException();
    }

    /** Made anew, so that the stack trace is that of the application's bind. */
    static IOException again(Throwable cause) {
        return switch (cause) {
            case WorkerLeavingException _ -> new WorkerLeavingException();
            case BindException e -> new BindException(e.getMessage());
            case SocketException e -> new SocketException(e.getMessage());
            default -> new IOException(cause.getMessage(), cause);
        };
    }
}
