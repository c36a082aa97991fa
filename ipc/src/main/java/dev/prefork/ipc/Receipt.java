package dev.prefork.ipc;

/**
 * What comes with each message that a channel delivers: its listener says here when it is done with
 * it. While much is delivered and not done, the channel is not read, so that the sender is told to
 * wait. See {@link ReceiveWindow}.
 */
public interface Receipt {
    /** For a message that no channel counts. */
    Receipt NONE =
            new Receipt() {
                @Override
                public void done() {}

                @Override
                public int bytes() {
                    return 0;
                }
            };

    /**
     * The message takes no more room. Safe for any thread; only the first call counts, and none
     * after the channel's end.
     */
    void done();

    /** How long the message's line was. */
    int bytes();
}
