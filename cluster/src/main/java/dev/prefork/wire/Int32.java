package dev.prefork.wire;

import dev.prefork.ipc.Frame;

import java.util.Optional;

/**
 * A field as the sockets of Node take it, which is ToInt32 of ECMAScript: Node passes on what its
 * programs give it, such as a backlog of false or a port that is a text.
 */
final class Int32 {
    private Int32() {}

    /** Empty when absent or null; 0 for what is no number. */
    static Optional<Integer> of(Frame frame, String name) {
        return switch (frame.fields().get(name)) {
            case null -> Optional.empty();
            case Boolean truth -> Optional.of(truth ? 1 : 0);
            case Integer number -> Optional.of(number);
            case Number number -> Optional.of(toInt32(number.doubleValue()));
            case String text -> Optional.of(toInt32(number(text)));
            default -> Optional.of(0);
        };
    }

    private static double number(String text) {
        try {
            return text.isBlank() ? 0 : Double.parseDouble(text.strip());
        } catch (NumberFormatException noNumber) {
            return Double.NaN;
        }
    }

    private static int toInt32(double number) {
        return Double.isFinite(number) ? (int) (long) (number % 0x1p32) : 0;
    }
}
