package dev.prefork.ipc;

/**
 * The life of a channel.
 *
 * <pre>
 *   CONNECTED ── disconnect() ──▶ FLUSHING ── all written and acknowledged ──▶ CLOSED
 *       └───────── the other end closed, or broke the protocol ────────────────▶
 * </pre>
 */
enum ChannelState {
    CONNECTED,
    /** Takes no more messages, writes those that wait, still reads. */
    FLUSHING,
    CLOSED
}
