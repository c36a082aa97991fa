package dev.prefork.supervise;

/** Whether it makes sense to go on: not when one worker after the other dies before any listens. */
final class Hope {
    /** So many deaths in a row before any worker has ever listened, and there is none. */
    static final int GIVE_UP_AFTER = 5;

    private boolean everListened;
    private int deathsInARow;

    void listened() {
        everListened = true;
    }

    void finished() {
        deathsInARow = 0;
    }

    /** Returns whether there is still any. */
    boolean died() {
        deathsInARow++;
        return everListened || deathsInARow < GIVE_UP_AFTER;
    }
}
