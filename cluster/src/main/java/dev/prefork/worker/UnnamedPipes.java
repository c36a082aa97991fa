package dev.prefork.worker;

import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.io.File;
import java.net.StandardProtocolFamily;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which descriptors of this process are extra pipes, under a primary that does not say so: Node
 * makes each of a pair of Unix sockets, as it makes the channel. Those that its own process made
 * are meant; no socket of the program's own has the primary at its other end.
 *
 * <p>Source: uv_spawn and uv_socketpair of libuv, SO_PEERCRED in unix(7).
 */
final class UnnamedPipes {
    private static final File DESCRIPTORS = new File("/proc/self/fd");

    private static final int HIGHEST_STANDARD_STREAM = 2;

    private UnnamedPipes() {}

    static List<Integer> beside(int channel) {
        Optional<Integer> primary = maker(channel);
        // The folder itself is closed again, and so no socket.
        String[] open = DESCRIPTORS.list();
        if (primary.isEmpty() || open == null) {
            return List.of();
        }
        return Arrays.stream(open)
                .map(Integer::valueOf)
                .filter(descriptor -> descriptor > HIGHEST_STANDARD_STREAM && descriptor != channel)
                .filter(descriptor -> maker(descriptor).equals(primary))
                .sorted()
                .toList();
    }

    /** The pid of the process that made this pair of sockets; empty for what is none. */
    private static Optional<Integer> maker(int descriptor) {
        try {
            boolean isStream = Sockets.type(descriptor) == Sockets.Type.STREAM;
            boolean isUnix = Sockets.family(descriptor) == StandardProtocolFamily.UNIX;
            return isStream && isUnix
                    ? Optional.of(Sockets.option(descriptor, Sockets.Option.PEER_PID))
                    : Optional.empty();
        } catch (PosixException noSocket) {
            return Optional.empty();
        }
    }
}
