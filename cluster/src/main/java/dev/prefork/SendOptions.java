package dev.prefork;

/**
 * How a handle is sent.
 *
 * @param keepOpen whether a connection stays open here as well; else its object in this process is
 *     closed, and only the other process has it. Listening and UDP sockets always stay open
 */
public record SendOptions(boolean keepOpen) {
    /** As if nothing was said. */
    public static final SendOptions DEFAULT = new SendOptions(false);

    /** A connection stays open in this process. */
    public static final SendOptions KEEP_OPEN = new SendOptions(true);
}
