package dev.prefork.net;

/**
 * The fast path by which a primary hands connections to one server of one worker: a SOCK_SEQPACKET
 * Unix socket for nothing else, of which every packet is one byte.
 *
 * <pre>
 *   primary                                worker
 *   CONNECTION + the descriptor  ------->
 *                                <-------  ACCEPTED       before the application sees it
 *                                <-------  NOT_ACCEPTED   its descriptor was lost
 *   PROBE                        ------->
 *                                <-------  READY          the server is accepting
 * </pre>
 *
 * <p>At most one CONNECTION or PROBE is unanswered at a time, so that no send ever finds the socket
 * full, and a worker that is slow gets no more than one connection that it does not work on.
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

    /** Primary to worker, without a descriptor: answer when the server accepts. */
    public static final byte PROBE = 'p';

    /** Worker to primary: the connection is the worker's now. */
    public static final byte ACCEPTED = 'a';

    /** Worker to primary: the worker has no descriptor left to hold the connection. */
    public static final byte NOT_ACCEPTED = 'n';

    /** Worker to primary: the answer to a probe. */
    public static final byte READY = 'r';

    /** Buffer size for both ends; a packet has one byte. */
    public static final int BUFFER_BYTES = 16;

    private Handoff() {}
}
