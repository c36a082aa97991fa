package dev.prefork.supervise;

/** Whether it makes sense to go on: not when one worker after the other dies before any serves. */
final class Hope {
    /** So many deaths in a row before any worker has ever served, and there is none. */
    static final int GIVE_UP_AFTER = 5;

    private boolean everServed;
    private int deathsInARow;

    void served() {
        everServed = true;
    }

    void finished() {
        deathsInARow = 0;
    }

    /** Returns whether there is still any. */
    boolean died() {
        deathsInARow++;
        return everServed || deathsInARow < GIVE_UP_AFTER;
    }
}
