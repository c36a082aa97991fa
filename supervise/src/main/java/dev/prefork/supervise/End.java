package dev.prefork.supervise;

/** How a worker ended. */
public sealed interface End {
    /** By itself. */
    record Code(int code) implements End {}

    /**
     * By a signal.
     *
     * @param name such as {@code SIGKILL}
     */
    record Signal(String name) implements End {}

    /** Somebody else was told. */
    record Unknown() implements End {}

    /** It was never started. */
    record NotStarted(String reason) implements End {}

    default boolean isSuccess() {
        return equals(new Code(0));
    }
}
