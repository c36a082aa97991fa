package dev.prefork.listen;

/**
 * How many connections that a filler has been handed are open, as far as it tells. What it says is
 * believed within what it was handed: never less than none.
 */
final class OpenCount {
    private int open;

    int value() {
        return open;
    }

    /** It has another. */
    void accepted() {
        open++;
    }

    /** It says that it has closed so many; returns how many of them are believed. */
    int closed(int said) {
        int believed = Math.clamp(said, 0, open);
        open -= believed;
        return believed;
    }
}
