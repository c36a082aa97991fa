package dev.prefork;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a worker's process ended: by itself with a code, or by a signal. Node passes the two as
 * {@code (code, signal)}.
 *
 * <p>Both are empty when something else in this process, such as a native library that waits for
 * any child, was told instead of us.
 *
 * @param code 0 to 255; empty when a signal ended the process
 * @param signal such as {@code SIGKILL}; empty when the process exited by itself
 */
public record Exit(OptionalInt code, Optional<String> signal) {
    /** The process called exit. */
    public static Exit ofCode(int code) {
        return new Exit(OptionalInt.of(code), Optional.empty());
    }

    /** A signal ended the process. */
    public static Exit ofSignal(String name) {
        return new Exit(OptionalInt.empty(), Optional.of(name));
    }

    /** Something else in this process has reaped the worker: both are empty. */
    public static Exit unknown() {
        return new Exit(OptionalInt.empty(), Optional.empty());
    }

    /** True when the process ended by itself with code 0. */
    public boolean isSuccess() {
        return code.equals(OptionalInt.of(0));
    }

    /** For people: {@code code 1}, {@code signal SIGKILL} or {@code status unknown}. */
    @Override
    public String toString() {
        if (code.isPresent()) {
            return "code " + code.getAsInt();
        }
        return signal.map(name -> "signal " + name).orElse("status unknown");
    }
}
