package dev.prefork.events;

import dev.prefork.log.LazyLogger;

/**
 * The messages that a closed channel has not taken, and that nobody else is told of: they are
 * counted, and the log has one line for those of the channel's end, and one for all that are sent
 * later. Belongs to the event thread.
 */
final class Unsent {
    private static final LazyLogger LOG = new LazyLogger(Unsent.class);

    private final String name;
    private int count;
    private boolean isOver;
    private boolean saidThatItIsOver;

    /**
     * @param name of the other process
     */
    Unsent(String name) {
        this.name = name;
    }

    /** One more. */
    void add() {
        count++;
        if (isOver && !saidThatItIsOver) {
            saidThatItIsOver = true;
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "channel closed, nothing more is sent and send() returns false to={0}",
                            name);
        }
    }

    /** The channel is closed. */
    void over() {
        isOver = true;
        if (count > 0) {
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "channel closed, messages were not sent to={0} count={1}",
                            name,
                            String.valueOf(count));
        }
    }
}
