package dev.prefork.listen;

import dev.prefork.log.LazyLogger;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Errno;
import dev.prefork.posix.NameWatch;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.UnixName;

import java.util.Optional;

/**
 * Keeps the path of a Unix socket while workers come and go. Each of them believes that the path is
 * its own, and may delete it before it binds and at its end: it comes back at once, from a second
 * name that the file has beside it (decision 0021). Belongs to the loop's thread.
 */
final class KeptFile implements AutoCloseable {
    private static final LazyLogger LOG = new LazyLogger(KeptFile.class);

    private final UnixName name;
    private final UnixName second;
    private final NameWatch names;
    private final EventLoop.Watch watch;

    private KeptFile(EventLoop loop, UnixName name, UnixName second) throws PosixException {
        this.name = name;
        this.second = second;
        this.names = NameWatch.open(second);
        try {
            this.watch = loop.watch(names.descriptor(), Epoll.READABLE, _ -> restoreIfRemoved());
        } catch (PosixException | RuntimeException e) {
            names.close();
            throw e;
        }
    }

    /** Empty where files can have only one name, or nothing can be watched. */
    static Optional<KeptFile> open(EventLoop loop, UnixName name) {
        if (name.isAbstract()) {
            return Optional.empty();
        }
        UnixName second = name.beside(".", ".prefork");
        try {
            second.remove(); // Of one that was killed.
            name.link(second);
            try {
                return Optional.of(new KeptFile(loop, name, second));
            } catch (PosixException e) {
                second.remove();
                throw e;
            }
        } catch (PosixException notKept) {
            LOG.get()
                    .log(
                            System.Logger.Level.DEBUG,
                            "cannot keep the socket file path=" + name,
                            notKept);
            return Optional.empty();
        }
    }

    private void restoreIfRemoved() throws PosixException {
        names.clear();
        try {
            second.link(name);
        } catch (PosixException e) {
            // It is there: something else has changed, or somebody else has the path now. Or the
            // folder has gone.
            if (e.errno() != Errno.EEXIST && e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    /** The path is left as it is. */
    @Override
    public void close() {
        try {
            watch.cancel();
            second.remove();
        } catch (PosixException leftBehind) {
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "cannot remove the second name path=" + second,
                            leftBehind);
        } finally {
            names.close();
        }
    }
}
