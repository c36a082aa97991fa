package dev.prefork.wire;

import dev.prefork.ipc.Frame;

/** A field as JavaScript's {@code if} takes it: Node passes on what its programs give it. */
final class Truth {
    private Truth() {}

    /** False when the field is absent, null, false, 0 or "". */
    static boolean of(Frame frame, String name) {
        return switch (frame.fields().get(name)) {
            case null -> false;
            case Boolean truth -> truth;
            case Number number -> number.doubleValue() != 0;
            case String text -> !text.isEmpty();
            default -> true;
        };
    }
}
