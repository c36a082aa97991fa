package dev.prefork.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
        CString executable,
        List<CString> arguments,
        Map<CString, CString> environment,
        Optional<CString> directory,
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

    /**
     * Of texts, in UTF-8.
     *
     * @throws IllegalArgumentException when one of them contains NUL
     */
    public Spawn(
            String executable,
            List<String> arguments,
            Map<String, String> environment,
            Optional<Path> directory,
            Map<Integer, Integer> descriptors,
            boolean ownGroup) {
        this(
                CString.of(executable),
                arguments.stream().map(CString::of).toList(),
                encoded(environment),
                directory.map(path -> CString.of(path.toString())),
                descriptors,
                ownGroup);
    }

    /** Of texts, in our process group. */
    public Spawn(
            String executable,
            List<String> arguments,
            Map<String, String> environment,
            Optional<Path> directory,
            Map<Integer, Integer> descriptors) {
        this(executable, arguments, environment, directory, descriptors, false);
    }

    private static Map<CString, CString> encoded(Map<String, String> environment) {
        Map<CString, CString> encoded = new LinkedHashMap<>();
        environment.forEach((name, value) -> encoded.put(CString.of(name), CString.of(value)));
        return encoded;
    }

    /**
     * Starts the process.
     *
     * @throws PosixException ENOENT when there is no such executable or directory, EACCES when it
     *     may not be run, EAGAIN, EMFILE or ENOMEM when the machine has no room for it
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
            long path = directory.get().in(arena).address();
            call("posix_spawn_file_actions_addchdir_np", actions, path, 0);
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
        // glibc 2.34; musl has none.
        int error = callIfThere("posix_spawn_file_actions_addclosefrom_np", actions, first);
        if (error != Errno.ENOSYS) {
            check("posix_spawn_file_actions_addclosefrom_np", "", error);
            return;
        }
        // There the kernel marks them all, here, an instant before.
        long result = Syscall.CLOSE_RANGE.call(first, Integer.MAX_VALUE, CLOSE_RANGE_CLOEXEC);
        if (result == -Errno.EINVAL || result == -Errno.ENOSYS) {
            // Before Linux 5.11 it cannot: those that are open now are closed one by one.
            for (int open : openFrom(first)) {
                call("posix_spawn_file_actions_addclose", actions, open, 0);
            }
        } else {
            PosixException.check(Syscall.CLOSE_RANGE, "fd " + first + " and above", result);
        }
    }

    private static List<Integer> openFrom(int first) throws PosixException {
        List<Integer> open = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : entries) {
                int number = Integer.parseInt(entry.getFileName().toString());
                if (number >= first) {
                    open.add(number);
                }
            }
            return open;
        } catch (IOException | DirectoryIteratorException unreadable) {
            PosixException failure = new PosixException("opendir", "/proc/self/fd", Errno.EMFILE);
            failure.initCause(unreadable);
            throw failure;
        }
    }

    private int spawn(
            Arena arena,
            MemorySegment actions,
            MemorySegment attributes,
            Credentials credentials,
            Executor throwaway)
            throws PosixException {
        List<CString> argv = new ArrayList<>();
        argv.add(executable);
        argv.addAll(arguments);
        List<CString> envp = new ArrayList<>();
        environment.forEach((name, value) -> envp.add(name.join('=', value)));
        MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
        // posix_spawnp looks only names without a slash up.
        MemorySegment function = Libc.function("posix_spawnp");
        long path = executable.in(arena).address();
        long argvAddress = texts(arena, argv).address();
        long envpAddress = texts(arena, envp).address();
        long pidAddress = pid.address();
        long actionsAddress = actions.address();
        long attributesAddress = attributes.address();
        // Everything is prepared: under other credentials, a class might not be loaded any more.
        int error =
                credentials.runWith(
                        throwaway,
                        () -> {
                            int refused = Faults.ENABLED ? Faults.before("posix_spawn") : 0;
                            return refused != 0
                                    ? refused
                                    : Libc.callReturningError(
                                            function,
                                            pidAddress,
                                            path,
                                            actionsAddress,
                                            attributesAddress,
                                            argvAddress,
                                            envpAddress);
                        });
        check("posix_spawn", executable.toString(), error);
        return pid.get(ValueLayout.JAVA_INT, 0);
    }

    /** A char *[] with a null at the end. */
    static MemorySegment texts(Arena arena, List<CString> texts) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, texts.get(i).in(arena));
        }
        return array;
    }

    private static void call(String function, MemorySegment object, long second, long third)
            throws PosixException {
        int refused = Faults.ENABLED ? Faults.before(function) : 0;
        check(
                function,
                "",
                refused != 0
                        ? refused
                        : Libc.callReturningError(
                                Libc.function(function), object.address(), second, third, 0, 0, 0));
    }

    /** ENOSYS when the C library has no such function. */
    private static int callIfThere(String function, MemorySegment object, long second) {
        int refused = Faults.ENABLED ? Faults.before(function) : 0;
        return refused != 0
                ? refused
                : Libc.findFunction(function)
                        .map(
                                found ->
                                        Libc.callReturningError(
                                                found, object.address(), second, 0, 0, 0, 0))
                        .orElse(Errno.ENOSYS);
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
