package dev.prefork.posix;

import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;

/**
 * The user and group that a child is born with; an absent one is this process's.
 *
 * <p>To Linux, credentials belong to a thread, and a child has those of the thread that starts it.
 * The C library's setresuid changes every thread of a process, the system call itself only its own.
 * So a thread that lives for one posix_spawn takes the child's credentials for good, and every
 * other thread of the JVM keeps its own. As libuv has it, a child with other credentials has no
 * supplementary groups. It has no ambient capabilities either, and gains none by executing a file
 * (no_new_privs): sudo and the like do not work there.
 *
 * <p>The kernel makes a process that has done this not dumpable, so that the other user cannot
 * attach to it: no core dumps of the primary from then on.
 *
 * @param uid real, effective and saved user
 * @param gid real, effective and saved group
 */
public record Credentials(OptionalInt uid, OptionalInt gid) {
    /** This process's own. */
    public static final Credentials OURS =
            new Credentials(OptionalInt.empty(), OptionalInt.empty());

    private static final int SAME = -1;

    // <linux/prctl.h>
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;

    public Credentials {
        if (uid.orElse(0) < 0 || gid.orElse(0) < 0) {
            throw new IllegalArgumentException("uid=" + uid + ", gid=" + gid);
        }
    }

    /** The call that failed, with its negative errno; null while none has. */
    private static final class Failure {
        private Syscall call;
        private long result;
    }

    /**
     * Runs the action with these credentials, and waits for it.
     *
     * @param throwaway for a thread that ends with its task; not used when the credentials are ours
     * @param action calls native code, and must not need a class that is not loaded yet
     * @throws PosixException EPERM when this process may not take them; the action has not run
     */
    int runWith(Executor throwaway, IntSupplier action) throws PosixException {
        if (equals(OURS)) {
            return action.getAsInt();
        }
        boolean changes = changes();
        Failure failure = new Failure();
        int result =
                CompletableFuture.supplyAsync(
                                () -> take(changes, failure) ? action.getAsInt() : 0, throwaway)
                        .join();
        if (failure.call != null) {
            PosixException.check(failure.call, this, failure.result);
        }
        return result;
    }

    private boolean changes() {
        return differs(uid, Syscall.GETUID, Syscall.GETEUID)
                || differs(gid, Syscall.GETGID, Syscall.GETEGID);
    }

    private static boolean differs(OptionalInt wanted, Syscall real, Syscall effective) {
        return wanted.isPresent()
                && (wanted.getAsInt() != real.call(0) || wanted.getAsInt() != effective.call(0));
    }

    private boolean take(boolean changes, Failure failure) {
        long user = uid.orElse(SAME);
        long group = gid.orElse(SAME);
        if (changes && !isContained(failure)) {
            return false;
        }
        // The user last: another user may not change groups.
        return succeeds(Syscall.SETGROUPS, Syscall.SETGROUPS.call(0, 0), changes, failure)
                && succeeds(
                        Syscall.SETRESGID,
                        Syscall.SETRESGID.call(group, group, group),
                        true,
                        failure)
                && succeeds(
                        Syscall.SETRESUID, Syscall.SETRESUID.call(user, user, user), true, failure);
    }

    /**
     * What this process may do besides what its user may must not reach the child, nor a way to
     * become another user: a primary that is no root may have been given CAP_SETUID to start
     * workers.
     */
    private static boolean isContained(Failure failure) {
        return succeeds(
                        Syscall.PRCTL,
                        Syscall.PRCTL.call(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL),
                        true,
                        failure)
                && succeeds(
                        Syscall.PRCTL, Syscall.PRCTL.call(PR_SET_NO_NEW_PRIVS, 1), true, failure);
    }

    /** That an ordinary user cannot give groups up matters only if it asks for what it is not. */
    private static boolean succeeds(Syscall call, long result, boolean required, Failure failure) {
        if (result < 0 && required) {
            failure.call = call;
            failure.result = result;
            return false;
        }
        return true;
    }

    @Override
    public String toString() {
        return (uid.isPresent() ? "uid " + uid.getAsInt() : "")
                + (uid.isPresent() && gid.isPresent() ? ", " : "")
                + (gid.isPresent() ? "gid " + gid.getAsInt() : "");
    }
}
