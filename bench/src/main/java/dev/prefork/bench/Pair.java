package dev.prefork.bench;

/** The same work once on each side. */
record Pair(double ours, double other) {
    double ratio() {
        return ours / other;
    }
}
