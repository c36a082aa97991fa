package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The signals that have names. Source: asm-generic/signal.h, the same on both architectures. */
public enum Signal {
    SIGHUP(1),
    SIGINT(2),
    SIGQUIT(3),
    SIGILL(4),
    SIGTRAP(5),
    SIGABRT(6),
    SIGBUS(7),
    SIGFPE(8),
    SIGKILL(9),
    SIGUSR1(10),
    SIGSEGV(11),
    SIGUSR2(12),
    SIGPIPE(13),
    SIGALRM(14),
    SIGTERM(15),
    SIGSTKFLT(16),
    SIGCHLD(17),
    SIGCONT(18),
    SIGSTOP(19),
    SIGTSTP(20),
    SIGTTIN(21),
    SIGTTOU(22),
    SIGURG(23),
    SIGXCPU(24),
    SIGXFSZ(25),
    SIGVTALRM(26),
    SIGPROF(27),
    SIGWINCH(28),
    SIGIO(29),
    SIGPWR(30),
    SIGSYS(31);

    private static final Map<Integer, Signal> BY_NUMBER = new HashMap<>();

    /** What these do by default is nothing, or to stop the process. */
    private static final Set<Signal> NOT_ENDING =
            EnumSet.of(SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH);

    /**
     * struct sigaction of the kernel is 32 bytes, the handler first; all zero is SIG_DFL, no flags
     * and an empty mask.
     */
    private static final long SIGACTION_BYTES = 32;

    private static final long SIG_IGN = 1;

    private static final MemorySegment AT_EXIT = Libc.function("__cxa_atexit");
    private static final MemorySegment RAISE = Libc.function("raise");

    /** The kernel's sigset_t has 64 bits. */
    private static final long SIGSET_BYTES = 8;

    static {
        for (Signal signal : values()) {
            BY_NUMBER.put(signal.number, signal);
        }
    }

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    public static Optional<Signal> of(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    /**
     * The signal of this name, such as {@code SIGTERM}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Signal named(String name) {
        try {
            return valueOf(Objects.requireNonNull(name, "signal is null"));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "signal=" + name + ": there is no such signal; say SIGTERM, SIGKILL, …",
                    unknown);
        }
    }

    /**
     * Sends this signal to a process.
     *
     * @return false when there is no such process any more
     * @throws PosixException EPERM when the process belongs to somebody else
     */
    public boolean send(int pid) throws PosixException {
        if (pid <= 0) {
            // kill(2) takes 0 for our own process group, -1 for every process there is.
            throw new IllegalArgumentException("pid=" + pid);
        }
        long result = Syscall.KILL.call(pid, number);
        if (result == -Errno.ESRCH) {
            return false;
        }
        PosixException.check(Syscall.KILL, "pid " + pid + ", " + name(), result);
        return true;
    }

    /**
     * Makes the end of this process, once it has begun to exit, one by this signal: the parent sees
     * the signal, not an exit code. What a JVM does between its last shutdown hook and its exit
     * (records, archives, statistics, agents' ends) is done before.
     *
     * <p>By what the C library runs first at exit. It has no effect where the kernel spares the
     * process, as it does the first of a container (pid 1): then the exit code is seen.
     *
     * @throws IllegalArgumentException when the signal's default action does not end a process
     */
    public void endThisProcessAtExit() throws PosixException {
        if (NOT_ENDING.contains(this)) {
            throw new IllegalArgumentException("signal=" + this);
        }
        // int __cxa_atexit(void (*function)(void *), void *argument, void *library);
        // with int raise(int signal), whose argument is in the same register.
        long noRoom = Libc.call(AT_EXIT, RAISE.address(), number, 0, 0, 0, 0, 0);
        if (noRoom != 0) {
            throw new PosixException("__cxa_atexit", name(), Errno.ENOMEM);
        }
        if (this != SIGKILL) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment byDefault = arena.allocate(SIGACTION_BYTES, 8);
                check(
                        Syscall.RT_SIGACTION,
                        Syscall.RT_SIGACTION.call(number, byDefault.address(), 0, SIGSET_BYTES));
            }
        }
    }

    /**
     * Gives the signal its default action if it is ignored, as this process may have inherited it.
     */
    void stopIgnoring() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION_BYTES, 8);
            check(
                    Syscall.RT_SIGACTION,
                    Syscall.RT_SIGACTION.call(number, 0, action.address(), SIGSET_BYTES));
            if (action.get(ValueLayout.JAVA_LONG, 0) == SIG_IGN) {
                action.fill((byte) 0);
                check(
                        Syscall.RT_SIGACTION,
                        Syscall.RT_SIGACTION.call(number, action.address(), 0, SIGSET_BYTES));
            }
        }
    }

    private void check(Syscall call, long result) throws PosixException {
        PosixException.check(call, name(), result);
    }
}
