package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Starts a process with exactly the descriptors that it is given, an empty signal mask and default
 * signal handling.
 *
 * @param executable a path, or a name to be looked up on PATH
 * @param arguments without the executable itself, which becomes argument 0
 * @param environment the whole environment of the child
 * @param directory its working directory; empty: ours
 * @param descriptors the child's descriptor number to ours; of the others the child keeps 0, 1 and
 *     2 as ours are, and has the rest closed
 * @param ownGroup whether the child leads a process group of its own: a terminal's signals are for
 *     ours
 */
public record Spawn(
        String executable,
        List<String> arguments,
        Map<String, String> environment,
        Optional<Path> directory,
        Map<Integer, Integer> descriptors,
        boolean ownGroup) {

    // posix_spawnattr_t has 336 bytes in glibc and musl, posix_spawn_file_actions_t 80: room to
    // spare.
    private static final long OPAQUE_BYTES = 512;

    /** sigset_t of the C library: 1024 bits in glibc and musl. */
    private static final long SIGSET_BYTES = 128;

    // <spawn.h>
    private static final int POSIX_SPAWN_SETPGROUP = 0x02;
    private static final int POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final int POSIX_SPAWN_SETSIGMASK = 0x08;

    private static final int CLOSE_RANGE_CLOEXEC = 4;

    /** In our process group. */
    public Spawn(
            String executable,
            List<String> arguments,
            Map<String, String> environment,
            Optional<Path> directory,
            Map<Integer, Integer> descriptors) {
        this(executable, arguments, environment, directory, descriptors, false);
    }

    /**
     * Starts the process.
     *
     * @throws PosixException ENOENT when there is no such executable or directory, EACCES when it
     *     may not be run, EAGAIN, EMFILE or ENOMEM when the machine has no room for it
     * @throws IllegalArgumentException when an argument or a variable contains NUL
     */
    public Child start() throws PosixException {
        return start(Credentials.OURS, Runnable::run);
    }

    /**
     * Starts the process with another user or group.
     *
     * @param throwaway runs the task on a new platform thread that then ends, as it keeps the
     *     child's credentials; not used for {@link Credentials#OURS}
     * @throws PosixException EPERM when this process may not give a child those credentials, and as
     *     {@link #start()}
     */
    public Child start(Credentials credentials, Executor throwaway) throws PosixException {
        // Ignored signals are inherited: with this one ignored, the kernel would keep no exit
        // status for us to reap.
        Signal.SIGCHLD.stopIgnoring();
        List<Fd> copies = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(OPAQUE_BYTES, 16);
            MemorySegment attributes = arena.allocate(OPAQUE_BYTES, 16);
            call("posix_spawn_file_actions_init", actions, 0, 0);
            call("posix_spawnattr_init", attributes, 0, 0);
            try {
                describeAttributes(arena, attributes);
                describeDescriptors(arena, actions, copies);
                int pid = spawn(arena, actions, attributes, credentials, throwaway);
                return Child.open(pid);
            } finally {
                call("posix_spawn_file_actions_destroy", actions, 0, 0);
                call("posix_spawnattr_destroy", attributes, 0, 0);
            }
        } finally {
            copies.forEach(Fd::close);
        }
    }

    /**
     * A thread of a JVM has SIGQUIT blocked, and a JVM ignores or handles others: none of that is
     * for the child.
     */
    private void describeAttributes(Arena arena, MemorySegment attributes) throws PosixException {
        MemorySegment none = arena.allocate(SIGSET_BYTES, 8);
        MemorySegment all = arena.allocate(SIGSET_BYTES, 8);
        callSignalSet("sigemptyset", none);
        callSignalSet("sigfillset", all);
        call("posix_spawnattr_setsigmask", attributes, none.address(), 0);
        call("posix_spawnattr_setsigdefault", attributes, all.address(), 0);
        int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
        if (ownGroup) {
            // 0 is the child's own pid.
            call("posix_spawnattr_setpgroup", attributes, 0, 0);
            flags |= POSIX_SPAWN_SETPGROUP;
        }
        call("posix_spawnattr_setflags", attributes, flags, 0);
    }

    private void describeDescriptors(Arena arena, MemorySegment actions, List<Fd> copies)
            throws PosixException {
        if (directory.isPresent()) {
            String path = directory.get().toString();
            call("posix_spawn_file_actions_addchdir_np", actions, text(arena, path).address(), 0);
        }
        int above = descriptors.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
        for (Map.Entry<Integer, Integer> entry : descriptors.entrySet()) {
            // From a copy above every target, so that no dup2 overwrites the source of a later one.
            Fd copy = Descriptors.duplicateAbove(entry.getValue(), above);
            copies.add(copy);
            call("posix_spawn_file_actions_adddup2", actions, copy.number(), entry.getKey());
        }
        for (int hole = 3; hole < above; hole++) {
            if (!descriptors.containsKey(hole)) {
                call("posix_spawn_file_actions_addclose", actions, hole, 0);
            }
        }
        closeFrom(actions, Math.max(above, 3));
    }

    /** The JDK's own descriptors are not all close-on-exec. */
    private static void closeFrom(MemorySegment actions, int first) throws PosixException {
        // glibc 2.34; musl has none, and there the kernel marks them all, here, an instant before
        // (Linux 5.11).
        if (Libc.findFunction("posix_spawn_file_actions_addclosefrom_np").isPresent()) {
            call("posix_spawn_file_actions_addclosefrom_np", actions, first, 0);
        } else {
            Syscall.CLOSE_RANGE.call(first, Integer.MAX_VALUE, CLOSE_RANGE_CLOEXEC);
        }
    }

    private int spawn(
            Arena arena,
            MemorySegment actions,
            MemorySegment attributes,
            Credentials credentials,
            Executor throwaway)
            throws PosixException {
        List<String> argv = new ArrayList<>();
        argv.add(executable);
        argv.addAll(arguments);
        List<String> envp = new ArrayList<>();
        environment.forEach((name, value) -> envp.add(name + "=" + value));
        MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
        // posix_spawnp looks only names without a slash up.
        MemorySegment function = Libc.function("posix_spawnp");
        long path = text(arena, executable).address();
        long argvAddress = texts(arena, argv).address();
        long envpAddress = texts(arena, envp).address();
        long pidAddress = pid.address();
        // Everything is prepared: under other credentials, a class might not be loaded any more.
        int error =
                credentials.runWith(
                        throwaway,
                        () ->
                                Libc.callReturningError(
                                        function,
                                        pidAddress,
                                        path,
                                        actions.address(),
                                        attributes.address(),
                                        argvAddress,
                                        envpAddress));
        check("posix_spawn", executable, error);
        return pid.get(ValueLayout.JAVA_INT, 0);
    }

    private static MemorySegment texts(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, text(arena, texts.get(i)));
        }
        return array;
    }

    private static MemorySegment text(Arena arena, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL in " + text.replace("\0", "\\0"));
        }
        return arena.allocateFrom(text);
    }

    private static void call(String function, MemorySegment object, long second, long third)
            throws PosixException {
        int error =
                Libc.callReturningError(
                        Libc.function(function), object.address(), second, third, 0, 0, 0);
        check(function, "", error);
    }

    private static void callSignalSet(String function, MemorySegment set) throws PosixException {
        call(function, set, 0, 0);
    }

    private static void check(String function, String subject, int error) throws PosixException {
        if (error != 0) {
            throw new PosixException(function, subject, error);
        }
    }
}
