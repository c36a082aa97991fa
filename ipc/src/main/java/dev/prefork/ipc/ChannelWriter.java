package dev.prefork.ipc;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Errno;
import dev.prefork.posix.PosixException;

/**
 * Writes a channel's queue to its socket, as far as there is room, as many messages by one call as
 * its buffer holds. Belongs to the loop's thread.
 */
final class ChannelWriter {
    private final SendQueue queue;
    private final DescriptorSocket socket;
    private boolean writing;

    /** After a failure, until one goes: each message fails for itself, as some may go. */
    private boolean oneByOne;

    /** How many messages the next call writes, the last of them perhaps in part. */
    private int gathered;

    private int gatheredBytes;

    ChannelWriter(SendQueue queue, DescriptorSocket socket) {
        this.queue = queue;
        this.socket = socket;
    }

    /**
     * Writes what can be written now; at once, if a sender that is told of its message's delivery
     * sends the next, as that one is in the queue.
     *
     * @return false when this is already being done
     * @throws PosixException when the stream is broken: the channel must be closed
     */
    boolean write() throws PosixException {
        if (writing) {
            return false;
        }
        writing = true;
        try {
            while (writeNext()) {}
            return true;
        } finally {
            writing = false;
        }
    }

    /** Whether there may be more to write. */
    private boolean writeNext() throws PosixException {
        Outgoing next = queue.next();
        if (next == null) {
            return false;
        }
        int descriptor =
                next.written() == 0 && next.handle != null
                        ? next.handle.fd().number()
                        : DescriptorSocket.NO_DESCRIPTOR;
        gathered = 0;
        gatheredBytes = 0;
        queue.together(this::gather);
        int count = socket.send(descriptor);
        if (count == DescriptorSocket.NOTHING) {
            return false;
        }
        if (count >= 0) {
            oneByOne = false;
            boolean full = count < gatheredBytes;
            queue.wrote(count);
            return !full;
        }
        if (gathered > 1) {
            oneByOne = true;
            return true;
        }
        PosixException reason = new PosixException("sendmsg", "channel", -count);
        if (breaks(next, -count)) {
            throw reason;
        }
        // ETOOMANYREFS: too many descriptors are under way; the messages behind this one can go.
        queue.drop(isGone(-count) ? new ChannelClosedException(reason) : reason);
        return true;
    }

    /** Whether there is room for one more. */
    private boolean gather(Outgoing each) {
        gathered++;
        int put = socket.put(each.line, each.written(), each.unwritten());
        gatheredBytes += put;
        return put == each.unwritten() && !oneByOne;
    }

    /** Whether it says that the other end has closed. */
    private static boolean isGone(int errno) {
        return errno == Errno.EPIPE || errno == Errno.ECONNRESET;
    }

    private static boolean breaks(Outgoing failed, int errno) {
        if (isGone(errno)) {
            // What it wrote before is still to be read, and its end of file ends us.
            return false;
        }
        // What would follow half a line would be taken for its other half; and without an
        // acknowledgement or an answer the other end would wait for ever. An answer with a handle
        // can be given once more without it.
        return failed.written() > 0
                || failed.kind == Outgoing.Kind.CONTROL
                || (failed.kind == Outgoing.Kind.REPLY && failed.handle == null);
    }
}
