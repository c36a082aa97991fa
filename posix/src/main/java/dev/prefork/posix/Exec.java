package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Another program in this process: it keeps its number, its parent and what is not close-on-exec.
 */
public final class Exec {
    private static final int SIG_SETMASK = 2;
    private static final long KERNEL_SIGSET_BYTES = 8;

    private Exec() {}

    /**
     * Runs the program in place of this one; does not return unless it cannot. A JVM blocks some
     * signals, which the next program would inherit.
     *
     * @param words of its command line, with the word before its arguments
     */
    public static void become(
            CString executable, List<CString> words, Map<CString, CString> environment)
            throws PosixException {
        List<CString> variables = new ArrayList<>();
        environment.forEach((name, value) -> variables.add(name.join('=', value)));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment none = arena.allocate(KERNEL_SIGSET_BYTES, 8);
            long path = executable.in(arena).address();
            long argv = Spawn.texts(arena, words).address();
            long envp = Spawn.texts(arena, variables).address();
            long result =
                    Syscall.RT_SIGPROCMASK.call(
                            SIG_SETMASK, none.address(), 0, KERNEL_SIGSET_BYTES);
            PosixException.check(Syscall.RT_SIGPROCMASK, "", result);
            result = Syscall.EXECVE.call(path, argv, envp);
            PosixException.check(Syscall.EXECVE, executable.toString(), result);
        }
    }
}
