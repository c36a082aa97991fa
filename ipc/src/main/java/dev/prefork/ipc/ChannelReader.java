package dev.prefork.ipc;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Errno;
import dev.prefork.posix.PosixException;

/** Reads a channel's socket and delivers what it brings. Belongs to the loop's thread. */
final class ChannelReader {
    /** Why reading has stopped. */
    enum Stop {
        /** There is nothing more now, or it is the turn of others. */
        IDLE,
        /** What is here may not be delivered yet, or is being read by another thread. */
        HELD,
        /** The other end has closed. */
        END
    }

    /** Whether the next message may be delivered. */
    @FunctionalInterface
    interface Gate {
        boolean isOpen() throws ProtocolException;
    }

    /** So many reads in a row before other descriptors of the loop get their turn. */
    private static final int READS_PER_TURN = 16;

    private final DescriptorSocket socket;
    private final Incoming incoming;

    ChannelReader(DescriptorSocket socket, Incoming incoming) {
        this.socket = socket;
        this.incoming = incoming;
    }

    /**
     * Delivers what is here and reads on.
     *
     * @param toTheEnd in one turn, as the other end has closed and nobody will tell of more
     */
    Stop read(Gate gate, boolean toTheEnd) throws ProtocolException, PosixException {
        boolean drained = false;
        for (int reads = 0; ; reads++) {
            if (socket.received().hasRemaining()) {
                incoming.feed(socket);
            }
            if (!incoming.deliver(gate)) {
                return Stop.HELD;
            }
            if ((drained || reads == READS_PER_TURN) && !toTheEnd) {
                return Stop.IDLE;
            }
            int count = socket.receive();
            if (count == DescriptorSocket.NOTHING) {
                return Stop.IDLE;
            } else if (count == 0 || count == -Errno.ECONNRESET) {
                // ECONNRESET: it has closed without reading all of ours.
                return Stop.END;
            } else if (count < 0) {
                throw new PosixException("recvmsg", "channel", -count);
            }
            // What has come since is told again.
            drained = socket.isDrained();
        }
    }
}
