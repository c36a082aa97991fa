package dev.prefork.it.fire;

/** The outcome of a trial: a cell of the table, and whether it is what it must be. */
record Figure(String text, boolean isMet) {
    static Figure seconds(double seconds, String more, boolean isMet) {
        return new Figure("%.1f s%s".formatted(seconds, more), isMet);
    }
}
