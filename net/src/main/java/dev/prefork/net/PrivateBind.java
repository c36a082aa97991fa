package dev.prefork.net;

import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import sun.nio.ch.SelChImpl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Listening without the cluster: in no worker, or where the bind is exclusive. */
final class PrivateBind {
    private PrivateBind() {}

    /**
     * Binds and listens.
     *
     * @param own an unbound channel of the JDK, to which the source may belong
     */
    static ConnectionSource listen(
            ServerSocketChannel own, SocketAddress local, int backlog, BindMode mode)
            throws IOException {
        if (local instanceof DescriptorAddress descriptor) {
            return listen(descriptor, backlog);
        }
        int listener = ((SelChImpl) own).getFDVal();
        if (mode.ipv6Only()) {
            Sockets.setOption(listener, Sockets.Option.IPV6_ONLY, 1);
        }
        own.bind(local, backlog);
        own.configureBlocking(false);
        if (local instanceof UnixDomainSocketAddress unix) {
            permit(unix.getPath(), mode);
        }
        return ListenerSource.borrowing(listener, own.getLocalAddress(), () -> close(own));
    }

    /** A copy: the application may listen on its descriptor again. */
    private static ConnectionSource listen(DescriptorAddress descriptor, int backlog)
            throws IOException {
        try {
            Fd copy = Descriptors.copy(descriptor.number());
            boolean listens = false;
            try {
                Descriptors.setNonBlocking(copy.number(), true);
                Sockets.listen(copy.number(), backlog < 1 ? 50 : backlog);
                ConnectionSource source =
                        ListenerSource.owning(copy, Sockets.localAddress(copy.number()), () -> {});
                listens = true;
                return source;
            } finally {
                if (!listens) {
                    copy.close();
                }
            }
        } catch (PosixException e) {
            SocketException translated =
                    new SocketException("cannot listen on " + descriptor + ": " + e.getMessage());
            translated.initCause(e);
            throw translated;
        }
    }

    /** Adds what the mode allows to what the umask left. */
    private static void permit(Path file, BindMode mode) throws IOException {
        Set<PosixFilePermission> more = EnumSet.noneOf(PosixFilePermission.class);
        if (mode.readableAll()) {
            more.add(PosixFilePermission.OWNER_READ);
            more.add(PosixFilePermission.GROUP_READ);
            more.add(PosixFilePermission.OTHERS_READ);
        }
        if (mode.writableAll()) {
            more.add(PosixFilePermission.OWNER_WRITE);
            more.add(PosixFilePermission.GROUP_WRITE);
            more.add(PosixFilePermission.OTHERS_WRITE);
        }
        if (!more.isEmpty()) {
            more.addAll(Files.getPosixFilePermissions(file));
            Files.setPosixFilePermissions(file, more);
        }
    }

    private static void close(ServerSocketChannel own) {
        try {
            own.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
