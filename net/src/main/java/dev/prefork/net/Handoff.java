package dev.prefork.net;

import java.nio.ByteBuffer;

/**
 * The fast path by which a primary hands connections to one server of one worker: a SOCK_SEQPACKET
 * Unix socket for nothing else, of which every packet is one byte, in some followed by a number.
 *
 * <pre>
 *   primary                                worker
 *   CONNECTION + the descriptor  ------->
 *                                <-------  ACCEPTED       before the application sees it, and how
 *                                                         many it has closed
 *                                <-------  NOT_ACCEPTED   its descriptor was lost
 *   LISTENER + the descriptor    ------->                 at first, where slots have their own
 *                                <-------  READY          it has it
 *   PROBE                        ------->
 *                                <-------  READY          the server is accepting
 *                                <-------  CLOSED         how many it has closed
 * </pre>
 *
 * <p>What has been closed is told with the next ACCEPTED, which costs nothing, or by itself when
 * none comes for a moment: the primary then knows how many of a worker's connections are open.
 *
 * <p>At most one of these questions is unanswered at a time, so that no send of the primary's ever
 * finds the socket full, and a worker that is slow gets no more than one connection that it does
 * not work on.
 *
 * <p>The primary keeps its own copy of a connection until ACCEPTED, and with it the right to give
 * the connection to another worker if this one dies. To take back a connection from a worker that
 * lives, it keeps a duplicate of the worker's end of the socket open and receives from it: the
 * kernel's queue is the arbiter, so that exactly one of the two gets the packet. If the primary
 * finds the queue empty the worker has the connection, and its answer comes. Because of that
 * duplicate the worker's close of its end is not seen as the end of the stream: the worker says on
 * its channel that it stopped listening.
 */
public final class Handoff {
    /** Primary to worker, with one descriptor: a connected socket in blocking mode. */
    public static final byte CONNECTION = 'c';

    /**
     * Primary to worker, with one descriptor, at most once and before all others: the listening
     * socket of the worker's slot, from which it accepts by itself. Answered by READY.
     */
    public static final byte LISTENER = 'l';

    /** Primary to worker, without a descriptor: answer when the server accepts. */
    public static final byte PROBE = 'p';

    /** Worker to primary: the connection is the worker's now. */
    public static final byte ACCEPTED = 'a';

    /** Worker to primary: the worker has no descriptor left to hold the connection. */
    public static final byte NOT_ACCEPTED = 'n';

    /** Worker to primary: the answer to a probe. */
    public static final byte READY = 'r';

    /** Worker to primary, with a number: connections that it accepted and that are closed now. */
    public static final byte CLOSED = 'd';

    /** Buffer size for both ends; a packet has one byte, or five. */
    public static final int BUFFER_BYTES = 16;

    private static final int COUNT_AT = 1;
    private static final int BYTES_WITH_COUNT = COUNT_AT + Integer.BYTES;

    private Handoff() {}

    /**
     * Writes a packet of the worker's.
     *
     * @param closed how many connections have been closed and not told before
     * @param into at its start; of {@link #BUFFER_BYTES}
     * @return its length
     */
    static int write(byte kind, int closed, ByteBuffer into) {
        into.put(0, kind);
        if (closed == 0) {
            return COUNT_AT;
        }
        into.putInt(COUNT_AT, closed);
        return BYTES_WITH_COUNT;
    }

    /**
     * How many connections have been closed and not told before.
     *
     * @param packet of the worker's, from 0 to its limit
     */
    public static int closed(ByteBuffer packet) {
        return packet.limit() < BYTES_WITH_COUNT ? 0 : packet.getInt(COUNT_AT);
    }
}
