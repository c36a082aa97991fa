package dev.prefork.balance;

import dev.prefork.log.LazyLogger;

/** That the application's own code has failed: said once, however often it does. */
final class Complaint {
    private static final LazyLogger LOG = new LazyLogger(Complaint.class);

    private final String about;
    private boolean isTold;

    /**
     * Nothing to say yet.
     *
     * @param about the line in the log
     */
    Complaint(String about) {
        this.about = about;
    }

    void tell(Throwable fault) {
        if (isTold) {
            return;
        }
        isTold = true;
        try {
            LOG.get().log(System.Logger.Level.WARNING, about, fault);
        } catch (Throwable unreported) {
            // A log that cannot be written must not cost connections.
        }
    }
}
