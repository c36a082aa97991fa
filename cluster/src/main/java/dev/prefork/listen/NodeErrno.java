package dev.prefork.listen;

import dev.prefork.AddressType;
import dev.prefork.posix.Errno;
import dev.prefork.wire.ListenAddress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Why a Node worker cannot listen, as Node's own primary would say it: libuv has a few names of its
 * own for what the kernel says.
 *
 * <p>Source: measured, v12.10 and v20; {@code uv_pipe_bind} and {@code uv_guess_handle} of libuv.
 */
final class NodeErrno {
    private NodeErrno() {}

    /** The errno for this one of the kernel's. */
    static int of(int errno, ListenAddress address) {
        if (address.isDescriptor()) {
            return ofDescriptor(errno, address);
        }
        // Windows has no other for a folder that is not there.
        boolean noFolder = address.type() == AddressType.UNIX && errno == Errno.ENOENT;
        return noFolder ? Errno.EACCES : errno;
    }

    /** What libuv cannot listen on it does not try to; a pipe it takes for a Unix socket. */
    private static int ofDescriptor(int errno, ListenAddress address) {
        return switch (errno) {
            case Errno.EBADF, Errno.EPROTO -> Errno.EINVAL;
            case Errno.ENOTSOCK ->
                    isPipe(address.fd()) && !address.isUdp() ? Errno.ENOTSOCK : Errno.EINVAL;
            default -> errno;
        };
    }

    private static boolean isPipe(int descriptor) {
        try {
            Path what = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
            return what.toString().startsWith("pipe:");
        } catch (IOException closed) {
            return false;
        }
    }
}
