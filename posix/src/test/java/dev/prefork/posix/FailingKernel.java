package dev.prefork.posix;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A kernel whose n-th call fails with a chosen errno instead of being made; all others are made.
 * One at a time; closing it brings the real one back.
 *
 * <p>Calls are named as the manual names them, {@code accept4} or {@code posix_spawn}. Those that
 * cannot fail for want of anything, such as close, are never failed or counted.
 */
public final class FailingKernel implements AutoCloseable {
    /** What a kernel without room says. */
    public static final List<Integer> ERRNOS =
            List.of(
                    Errno.EMFILE,
                    Errno.ENFILE,
                    Errno.ENOMEM,
                    Errno.ENOBUFS,
                    Errno.EPERM,
                    Errno.ENOSPC);

    private static final Set<String> NEVER_FAILING =
            Set.of(
                    "close",
                    "getpid",
                    "gettid",
                    "getuid",
                    "getgid",
                    "geteuid",
                    "getegid",
                    "kill",
                    "tgkill",
                    "wait4",
                    "shutdown",
                    "posix_spawn_file_actions_destroy",
                    "posix_spawnattr_destroy");

    private final Predicate<Thread> whose;
    private final Set<String> excluded = new HashSet<>(NEVER_FAILING);
    private final List<String> calls = new ArrayList<>();
    private final Map<String, Integer> always = new HashMap<>();
    private String failing = "";
    private int number;
    private int errno;
    private boolean failed;

    private FailingKernel(Predicate<Thread> whose) {
        if (!Faults.ENABLED) {
            throw new IllegalStateException("-Ddev.prefork.posix.faults=true is missing");
        }
        this.whose = whose;
        Faults.install(this::before);
    }

    /** Counts the calls of every thread. */
    public static FailingKernel ofTheProcess() {
        return new FailingKernel(thread -> true);
    }

    /** Counts the calls of one thread. */
    public static FailingKernel of(Thread thread) {
        return new FailingKernel(thread::equals);
    }

    /** Counts the calls of the present thread. */
    public static FailingKernel ofThisThread() {
        return of(Thread.currentThread());
    }

    /** The n-th call from now on, whatever it is, fails. The first is 1. */
    public synchronized FailingKernel fail(int n, int withErrno) {
        return fail("", n, withErrno);
    }

    /** The n-th of these calls from now on fails. The first is 1. */
    public synchronized FailingKernel fail(String call, int n, int withErrno) {
        calls.clear();
        always.clear();
        failing = call;
        number = n;
        errno = withErrno;
        failed = false;
        return this;
    }

    /** These calls fail as well, each of them. */
    public synchronized FailingKernel failAlso(String call, int withErrno) {
        always.put(call, withErrno);
        return this;
    }

    /** These calls are made, and not counted. */
    public synchronized FailingKernel excluding(String... names) {
        excluded.addAll(List.of(names));
        return this;
    }

    /** Whether the call that was to fail has come. */
    public synchronized boolean failed() {
        return failed;
    }

    /** All calls since the last {@link #fail}, in order, with those that failed. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    private synchronized int before(String call) {
        String name = call.toLowerCase(Locale.ROOT);
        if (excluded.contains(name) || !whose.test(Thread.currentThread())) {
            return 0;
        }
        calls.add(name);
        if (always.containsKey(name)) {
            return always.get(name);
        }
        if (failed || number == 0 || !(failing.isEmpty() || failing.equals(name))) {
            return 0;
        }
        number--;
        failed = number == 0;
        return failed ? errno : 0;
    }

    @Override
    public void close() {
        Faults.uninstall();
    }
}
