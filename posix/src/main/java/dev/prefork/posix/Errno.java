package dev.prefork.posix;

import java.util.Map;

/**
 * Error numbers of system calls, the same on both architectures. Source: Linux
 * asm-generic/errno-base.h, errno.h.
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int E2BIG = 7;
    public static final int ENOEXEC = 8;
    public static final int EBADF = 9;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EEXIST = 17;
    public static final int ENOTDIR = 20;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ETXTBSY = 26;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int EPROTO = 71;
    public static final int ENOTSOCK = 88;
    public static final int ENOPROTOOPT = 92;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ENOTCONN = 107;
    public static final int ETOOMANYREFS = 109;
    public static final int ECONNREFUSED = 111;
    public static final int ESTALE = 116;

    private record Description(String name, String text) {}

    private static final Map<Integer, Description> DESCRIPTIONS =
            Map.ofEntries(
                    entry(EPERM, "EPERM", "Operation not permitted"),
                    entry(ENOENT, "ENOENT", "No such file or directory"),
                    entry(ESRCH, "ESRCH", "No such process"),
                    entry(EINTR, "EINTR", "Interrupted system call"),
                    entry(EIO, "EIO", "Input/output error"),
                    entry(E2BIG, "E2BIG", "Argument list too long"),
                    entry(ENOEXEC, "ENOEXEC", "Exec format error"),
                    entry(EBADF, "EBADF", "Bad file descriptor"),
                    entry(ECHILD, "ECHILD", "No child processes"),
                    entry(EAGAIN, "EAGAIN", "Resource temporarily unavailable"),
                    entry(ENOMEM, "ENOMEM", "Cannot allocate memory"),
                    entry(EACCES, "EACCES", "Permission denied"),
                    entry(EEXIST, "EEXIST", "File exists"),
                    entry(ENOTDIR, "ENOTDIR", "Not a directory"),
                    entry(EINVAL, "EINVAL", "Invalid argument"),
                    entry(ENFILE, "ENFILE", "Too many open files in system"),
                    entry(EMFILE, "EMFILE", "Too many open files"),
                    entry(ETXTBSY, "ETXTBSY", "Text file busy"),
                    entry(ENOSPC, "ENOSPC", "No space left on device"),
                    entry(EROFS, "EROFS", "Read-only file system"),
                    entry(EPIPE, "EPIPE", "Broken pipe"),
                    entry(ENAMETOOLONG, "ENAMETOOLONG", "File name too long"),
                    entry(ENOSYS, "ENOSYS", "Function not implemented"),
                    entry(ELOOP, "ELOOP", "Too many levels of symbolic links"),
                    entry(EPROTO, "EPROTO", "Protocol error"),
                    entry(ENOTSOCK, "ENOTSOCK", "Socket operation on non-socket"),
                    entry(ENOPROTOOPT, "ENOPROTOOPT", "Protocol not available"),
                    entry(EOPNOTSUPP, "EOPNOTSUPP", "Operation not supported"),
                    entry(EAFNOSUPPORT, "EAFNOSUPPORT", "Address family not supported by protocol"),
                    entry(EADDRINUSE, "EADDRINUSE", "Address already in use"),
                    entry(EADDRNOTAVAIL, "EADDRNOTAVAIL", "Cannot assign requested address"),
                    entry(ECONNABORTED, "ECONNABORTED", "Software caused connection abort"),
                    entry(ECONNRESET, "ECONNRESET", "Connection reset by peer"),
                    entry(ENOBUFS, "ENOBUFS", "No buffer space available"),
                    entry(ENOTCONN, "ENOTCONN", "Transport endpoint is not connected"),
                    entry(ETOOMANYREFS, "ETOOMANYREFS", "Too many references: cannot splice"),
                    entry(ECONNREFUSED, "ECONNREFUSED", "Connection refused"),
                    entry(ESTALE, "ESTALE", "Stale file handle"));

    private Errno() {}

    private static Map.Entry<Integer, Description> entry(int number, String name, String text) {
        return Map.entry(number, new Description(name, text));
    }

    /**
     * The symbolic name, such as {@code EMFILE}; {@code errno 133} for a number we have no name
     * for.
     */
    public static String name(int number) {
        Description known = DESCRIPTIONS.get(number);
        return known == null ? "errno " + number : known.name();
    }

    /** What the C library says of the number, in English: {@code Too many open files}. */
    public static String text(int number) {
        Description known = DESCRIPTIONS.get(number);
        return known == null ? "unknown error" : known.text();
    }
}
