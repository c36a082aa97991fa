package dev.prefork.bench;

import java.util.OptionalDouble;

/**
 * What is better, and how good it must be.
 *
 * @param bound the worst that is good enough, where something was said
 * @param judgesOurs whether our own figure is judged, and not its ratio to the peer's
 */
record Goal(boolean lessIsBetter, OptionalDouble bound, boolean judgesOurs) {
    static Goal less() {
        return new Goal(true, OptionalDouble.empty(), false);
    }

    static Goal more() {
        return new Goal(false, OptionalDouble.empty(), false);
    }

    static Goal ratioAtMost(double bound) {
        return new Goal(true, OptionalDouble.of(bound), false);
    }

    static Goal ratioAtLeast(double bound) {
        return new Goal(false, OptionalDouble.of(bound), false);
    }

    static Goal oursAtMost(double bound) {
        return new Goal(true, OptionalDouble.of(bound), true);
    }

    String direction() {
        return lessIsBetter ? "less is better" : "more is better";
    }
}
