package dev.prefork.listen;

import dev.prefork.log.LazyLogger;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;
import dev.prefork.posix.UnixName;
import dev.prefork.wire.QueryServer.Wishes;

import java.net.StandardProtocolFamily;
import java.util.Optional;

/**
 * The file of a Unix socket that we made. One that a dead owner has left behind is taken over, a
 * living owner's never; at the end ours is removed, and nothing that has come in its place.
 */
final class SocketFile {
    private static final LazyLogger LOG = new LazyLogger(SocketFile.class);

    private static final int READABLE_BY_ALL = 0444;
    private static final int WRITABLE_BY_ALL = 0222;

    private final UnixName name;
    private final Optional<UnixName.File> ours;

    private SocketFile(UnixName name, Optional<UnixName.File> ours) {
        this.name = name;
        this.ours = ours;
    }

    /**
     * Binds the socket to the name.
     *
     * @throws PosixException EADDRINUSE when somebody listens there
     */
    static SocketFile bind(int socket, UnixName name) throws PosixException {
        try {
            name.bind(socket);
        } catch (PosixException e) {
            if (e.errno() != Errno.EADDRINUSE || name.isAbstract() || !removeIfLeftBehind(name)) {
                throw e;
            }
            name.bind(socket);
        }
        return ofBound(name);
    }

    private static SocketFile ofBound(UnixName name) throws PosixException {
        Optional<UnixName.File> file = name.file();
        if (file.isEmpty() && !name.isAbstract()) {
            // It was removed at once, or cannot be looked at: nobody could tell later whose it is.
            name.remove();
            throw new PosixException("statx", name.toString(), Errno.ENOENT);
        }
        return new SocketFile(name, file);
    }

    private static boolean removeIfLeftBehind(UnixName name) throws PosixException {
        // What is no socket refuses to be connected to as well, and is somebody's.
        Optional<UnixName.File> before = name.file().filter(UnixName.File::isSocket);
        if (before.isEmpty() || isOwned(name)) {
            return false;
        }
        // Somebody else may have done the same meanwhile, and listen there now.
        boolean same = name.file().filter(before.get()::isSameAs).isPresent();
        if (same) {
            name.remove();
            LOG.get()
                    .log(
                            System.Logger.Level.INFO,
                            "took over the socket file of an owner that is gone path={0}",
                            name);
        }
        return same;
    }

    /**
     * Asks the kernel with a socket of another type, of which the owner does not notice anything:
     * EPROTOTYPE when there is one, whether it listens already or is about to (unix(7)).
     */
    private static boolean isOwned(UnixName name) throws PosixException {
        try (Fd probe = Sockets.open(StandardProtocolFamily.UNIX, Sockets.Type.DATAGRAM)) {
            return name.connect(probe.number()) != -Errno.ECONNREFUSED;
        }
    }

    UnixName name() {
        return name;
    }

    /** Adds what is wished for to what the umask left. */
    void permit(Wishes wishes) throws PosixException {
        int more =
                (wishes.readableAll() ? READABLE_BY_ALL : 0)
                        | (wishes.writableAll() ? WRITABLE_BY_ALL : 0);
        if (more != 0 && ours.isPresent()) {
            name.permit(ours.get(), ours.get().permissions() | more);
        }
    }

    /** Removes it if it is still ours. */
    void remove() {
        boolean isOurs = ours.isPresent() && name.file().filter(ours.get()::isSameAs).isPresent();
        if (!isOurs) {
            return;
        }
        try {
            name.remove();
        } catch (PosixException leftBehind) {
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "cannot remove the socket file path=" + name,
                            leftBehind);
        }
    }
}
