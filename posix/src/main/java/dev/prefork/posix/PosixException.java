package dev.prefork.posix;

import java.io.IOException;

/** A system call failed: {@code accept4(fd 7): EMFILE (Too many open files)}. */
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final String subject;
    private final int errno;

    /**
     * @param call the system call or C function, as the manual names it
     * @param subject what it was called on, for people: {@code fd 7}, a path, a pid
     * @param errno the error number, positive
     */
    public PosixException(String call, String subject, int errno) {
        super(call + "(" + subject + "): " + Errno.name(errno) + " (" + Errno.text(errno) + ")");
        this.call = call;
        this.subject = subject;
        this.errno = errno;
    }

    static long check(Syscall call, Object subject, long result) throws PosixException {
        if (result < 0) {
            throw new PosixException(call.manualName(), subject.toString(), (int) -result);
        }
        return result;
    }

    public String call() {
        return call;
    }

    public String subject() {
        return subject;
    }

    /** One of the constants of {@link Errno}, positive. */
    public int errno() {
        return errno;
    }
}
