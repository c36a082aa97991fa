package dev.prefork.posix;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The owner of one descriptor: whoever holds the Fd closes it, once.
 *
 * <p>Safe for any thread. Closing while another thread is inside a system call on the same
 * descriptor is the caller's business to prevent.
 */
public final class Fd implements AutoCloseable {
    private static final int GONE = -1;
    private static final VarHandle NUMBER;

    static {
        try {
            NUMBER = MethodHandles.lookup().findVarHandle(Fd.class, "number", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int number;

    private Fd(int number) {
        this.number = number;
    }

    /** Takes ownership of an open descriptor. */
    public static Fd owning(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("descriptor=" + number);
        }
        return new Fd(number);
    }

    /** The descriptor, borrowed for one call. */
    public int number() {
        int n = number;
        if (n == GONE) {
            throw new IllegalStateException("the descriptor is closed or has been given away");
        }
        return n;
    }

    public boolean isOpen() {
        return number != GONE;
    }

    /** Gives the descriptor away: the caller owns it now. */
    public int release() {
        int n = (int) NUMBER.getAndSet(this, GONE);
        if (n == GONE) {
            throw new IllegalStateException("the descriptor is closed or has been given away");
        }
        return n;
    }

    /** A second descriptor of the same open file. */
    public Fd duplicate() throws PosixException {
        return Descriptors.copy(number());
    }

    /**
     * Closes the descriptor if it is still owned. close(2) frees the number whatever it returns, so
     * its error is dropped.
     */
    @Override
    public void close() {
        int n = (int) NUMBER.getAndSet(this, GONE);
        if (n != GONE) {
            Descriptors.close(n);
        }
    }

    @Override
    public String toString() {
        int n = number;
        return n == GONE ? "fd closed" : "fd " + n;
    }
}
