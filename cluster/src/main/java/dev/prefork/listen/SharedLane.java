package dev.prefork.listen;

import dev.prefork.ipc.Handle;
import dev.prefork.posix.PosixException;
import dev.prefork.wire.Grant;

import java.util.Optional;

/**
 * A filler that accepts from the listening socket itself. Nothing of ours is in the path: what it
 * accepted is its own, and what it did not is in the queue that all share.
 */
final class SharedLane implements Lane {
    private final ListenSocket socket;
    private final String handleType;

    /**
     * Of a socket.
     *
     * @param handleType of the copies that fillers get
     */
    SharedLane(ListenSocket socket, String handleType) {
        this.socket = socket;
        this.handleType = handleType;
    }

    ListenSocket socket() {
        return socket;
    }

    @Override
    public Optional<Handle> grantHandle() throws PosixException {
        return Optional.of(new Handle(handleType, socket.fd().duplicate()));
    }

    @Override
    public Grant.Way way() {
        return Grant.Way.SHARED;
    }

    @Override
    public void retire() {
        // The socket closes with the handle.
    }

    @Override
    public void channelClosed() {
        // Its copy of the socket is its own.
    }

    @Override
    public void fillerGone() {
        // As above.
    }
}
