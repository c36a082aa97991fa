package dev.prefork.posix;

/** How a process ended: by itself with a code, by a signal, or nobody can tell. */
public sealed interface ExitStatus {
    /**
     * It called exit.
     *
     * @param code 0 to 255
     */
    record Exited(int code) implements ExitStatus {}

    /**
     * A signal ended it.
     *
     * @param signal the signal's number; one without a name, such as a real-time signal, is
     *     possible
     */
    record Signaled(int signal) implements ExitStatus {}

    /** Somebody else in this process has reaped it, and was told. */
    record Unknown() implements ExitStatus {}

    /** Takes the status word of wait(2) apart, for a process that has ended. */
    static ExitStatus ofWaitStatus(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? new Exited(status >> 8 & 0xff) : new Signaled(signal);
    }
}
