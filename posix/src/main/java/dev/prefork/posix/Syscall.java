package dev.prefork.posix;

import java.lang.foreign.MemorySegment;

/**
 * The system calls in use, with their numbers.
 *
 * <p>Source: Linux arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h
 * (aarch64).
 */
enum Syscall {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    LSEEK(8, 62),
    RT_SIGACTION(13, 134),
    RT_SIGPROCMASK(14, 135),
    IOCTL(16, 29),
    GETPID(39, 172),
    SOCKET(41, 198),
    CONNECT(42, 203),
    SENDMSG(46, 211),
    RECVMSG(47, 212),
    SHUTDOWN(48, 210),
    BIND(49, 200),
    LISTEN(50, 201),
    GETSOCKNAME(51, 204),
    GETPEERNAME(52, 205),
    SOCKETPAIR(53, 199),
    SETSOCKOPT(54, 208),
    GETSOCKOPT(55, 209),
    EXECVE(59, 221),
    WAIT4(61, 260),
    KILL(62, 129),
    FCNTL(72, 25),
    GETUID(102, 174),
    GETGID(104, 176),
    GETEUID(107, 175),
    GETEGID(108, 177),
    SETGROUPS(116, 159),
    SETRESUID(117, 147),
    SETRESGID(119, 149),
    PRCTL(157, 167),
    GETTID(186, 178),
    EPOLL_CTL(233, 21),
    TGKILL(234, 131),
    INOTIFY_ADD_WATCH(254, 27),
    OPENAT(257, 56),
    UNLINKAT(263, 35),
    LINKAT(265, 37),
    FCHMODAT(268, 53),
    PPOLL(271, 73),
    EPOLL_PWAIT(281, 22),
    ACCEPT4(288, 242),
    EVENTFD2(290, 19),
    EPOLL_CREATE1(291, 20),
    DUP3(292, 24),
    PIPE2(293, 59),
    INOTIFY_INIT1(294, 26),
    MEMFD_CREATE(319, 279),
    STATX(332, 291),
    PIDFD_OPEN(434, 434),
    CLOSE_RANGE(436, 436);

    private static final MemorySegment SYSCALL = Libc.function("syscall");

    private final long number;

    Syscall(long x86, long arm) {
        this.number =
                switch (Architecture.CURRENT) {
                    case X86_64 -> x86;
                    case AARCH64 -> arm;
                };
    }

    /** The call's result, or its negative errno. */
    long call(long a, long b, long c, long d, long e, long f) {
        if (Faults.ENABLED) {
            int errno = Faults.before(name());
            if (errno != 0) {
                return -errno;
            }
        }
        return Libc.call(SYSCALL, number, a, b, c, d, e, f);
    }

    long call(long a, long b, long c, long d, long e) {
        return call(a, b, c, d, e, 0);
    }

    long call(long a, long b, long c, long d) {
        return call(a, b, c, d, 0);
    }

    long call(long a, long b, long c) {
        return call(a, b, c, 0, 0);
    }

    long call(long a, long b) {
        return call(a, b, 0, 0, 0);
    }

    long call(long a) {
        return call(a, 0, 0, 0, 0);
    }

    /** As {@link #call}, again for as long as a signal interrupts it. */
    long callUninterrupted(long a, long b, long c, long d, long e) {
        long result;
        do {
            result = call(a, b, c, d, e);
        } while (result == -Errno.EINTR);
        return result;
    }

    /** The name as the manual page has it. */
    String manualName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
