package dev.prefork.net;

import java.net.SocketException;

/** A server cannot listen, as the worker that it is in disconnects, or has. */
public final class WorkerLeavingException extends SocketException {
    private static final long serialVersionUID = 1L;

    public WorkerLeavingException() {
        super("cannot listen: the worker is disconnecting");
    }
}
