package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;

/** Sockets, as the system calls have them. Safe for any thread. */
public final class Sockets {
    /**
     * Whether a socket is a byte stream, keeps messages apart, or is connectionless. Source: {@code
     * <bits/socket_type.h>}.
     */
    public enum Type {
        STREAM(1),
        DATAGRAM(2),
        SEQPACKET(5);

        private final int number;

        Type(int number) {
            this.number = number;
        }
    }

    /** Options of a socket that are an int. Source: asm-generic/socket.h, linux/in6.h. */
    public enum Option {
        REUSE_ADDRESS(1, 2),
        RECEIVE_BUFFER(1, 8),
        REUSE_PORT(1, 15),
        /** What {@link #type} reads. */
        TYPE(1, 3),
        /** The process that made the other end of a Unix socket, or the pair; to be read only. */
        PEER_PID(1, 17),
        /** Whether it listens; to be read only. */
        LISTENING(1, 30),
        IPV6_ONLY(41, 26);

        private final int level;
        private final int name;

        Option(int level, int name) {
            this.level = level;
            this.name = name;
        }
    }

    private static final short POLLIN = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;

    private Sockets() {}

    /** A new non-blocking socket. */
    public static Fd open(ProtocolFamily family, Type type) throws PosixException {
        int domain =
                switch ((StandardProtocolFamily) family) {
                    case INET -> SocketAddresses.AF_INET;
                    case INET6 -> SocketAddresses.AF_INET6;
                    case UNIX -> SocketAddresses.AF_UNIX;
                };
        long fd = Syscall.SOCKET.call(domain, type.number | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        return Fd.owning((int) PosixException.check(Syscall.SOCKET, family, fd));
    }

    /** Two connected non-blocking Unix sockets. */
    public static Fd[] pair(Type type) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment two = arena.allocate(ValueLayout.JAVA_INT, 2);
            int flags = type.number | SOCK_NONBLOCK | SOCK_CLOEXEC;
            long result = Syscall.SOCKETPAIR.call(SocketAddresses.AF_UNIX, flags, 0, two.address());
            PosixException.check(Syscall.SOCKETPAIR, type, result);
            return new Fd[] {
                Fd.owning(two.getAtIndex(ValueLayout.JAVA_INT, 0)),
                Fd.owning(two.getAtIndex(ValueLayout.JAVA_INT, 1))
            };
        }
    }

    public static void setOption(int socket, Option option, int value) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment four = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            long result =
                    Syscall.SETSOCKOPT.call(socket, option.level, option.name, four.address(), 4);
            PosixException.check(Syscall.SETSOCKOPT, "fd " + socket + ", " + option, result);
        }
    }

    /** The value of an option. */
    public static int option(int socket, Option option) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(8, 4);
            raw.set(ValueLayout.JAVA_INT, 0, 4);
            long result =
                    Syscall.GETSOCKOPT.call(
                            socket, option.level, option.name, raw.address() + 4, raw.address());
            PosixException.check(Syscall.GETSOCKOPT, "fd " + socket + ", " + option, result);
            return raw.get(ValueLayout.JAVA_INT, 4);
        }
    }

    /** Whether the socket is a stream, keeps messages apart or is connectionless. */
    public static Type type(int socket) throws PosixException {
        int number = option(socket, Option.TYPE);
        for (Type type : Type.values()) {
            if (type.number == number) {
                return type;
            }
        }
        throw new PosixException("getsockopt", "fd " + socket + ", TYPE", Errno.EPROTO);
    }

    /** Binds; an IPv6 socket can have an IPv4 address too. */
    public static void bind(int socket, SocketAddress address) throws PosixException {
        boolean mapped =
                address instanceof InetSocketAddress inet
                        && inet.getAddress() instanceof Inet4Address
                        && family(socket) == StandardProtocolFamily.INET6;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.MAX_BYTES);
            int length =
                    mapped
                            ? SocketAddresses.encodeMapped((InetSocketAddress) address, raw)
                            : SocketAddresses.encode(address, raw);
            PosixException.check(
                    Syscall.BIND, address, Syscall.BIND.call(socket, raw.address(), length));
        }
    }

    public static void listen(int socket, int backlog) throws PosixException {
        PosixException.check(Syscall.LISTEN, "fd " + socket, Syscall.LISTEN.call(socket, backlog));
    }

    /**
     * Accepts one connection of a non-blocking listening socket.
     *
     * @return the new descriptor, in blocking mode, owned by the caller; or a negative errno:
     *     EAGAIN when there is none (or another process was faster), ECONNABORTED when it went
     *     away, EMFILE, ENFILE, ENOBUFS and ENOMEM when there is nothing left to hold it
     */
    public static int accept(int listener) {
        return (int) Syscall.ACCEPT4.callUninterrupted(listener, 0, 0, SOCK_CLOEXEC, 0);
    }

    /** The address the socket is bound to. */
    public static SocketAddress localAddress(int socket) throws PosixException {
        return address(Syscall.GETSOCKNAME, socket);
    }

    /** The address of the other end; ENOTCONN when the connection has been reset. */
    public static SocketAddress remoteAddress(int socket) throws PosixException {
        return address(Syscall.GETPEERNAME, socket);
    }

    /**
     * The family of the socket itself: an IPv4 client of a dual-stack listener has an INET6 socket.
     */
    public static StandardProtocolFamily family(int socket) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = name(Syscall.GETSOCKNAME, socket, arena);
            int family = raw.get(ValueLayout.JAVA_SHORT, 4);
            return switch (family) {
                case SocketAddresses.AF_INET -> StandardProtocolFamily.INET;
                case SocketAddresses.AF_INET6 -> StandardProtocolFamily.INET6;
                case SocketAddresses.AF_UNIX -> StandardProtocolFamily.UNIX;
                default ->
                        throw new PosixException("getsockname", "fd " + socket, Errno.EAFNOSUPPORT);
            };
        }
    }

    private static SocketAddress address(Syscall call, int socket) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = name(call, socket, arena);
            return SocketAddresses.decode(raw.asSlice(4), raw.get(ValueLayout.JAVA_INT, 0));
        }
    }

    /** Four bytes of length, then the address. */
    private static MemorySegment name(Syscall call, int socket, Arena arena) throws PosixException {
        MemorySegment raw = arena.allocate(4 + SocketAddresses.MAX_BYTES, 4);
        raw.set(ValueLayout.JAVA_INT, 0, SocketAddresses.MAX_BYTES);
        long result = call.call(socket, raw.address() + 4, raw.address());
        PosixException.check(call, "fd " + socket, result);
        return raw;
    }

    /** Whether there is something to read at once, which may be the end of it. */
    public static boolean isReadable(int socket) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollfd = arena.allocate(8, 8);
            pollfd.set(ValueLayout.JAVA_INT, 0, socket);
            pollfd.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            MemorySegment atOnce = arena.allocate(16, 8);
            long ready =
                    Syscall.PPOLL.callUninterrupted(
                            pollfd.address(), 1, atOnce.address(), 0, Long.BYTES);
            return PosixException.check(Syscall.PPOLL, "fd " + socket, ready) > 0;
        }
    }

    /** Ends one direction of a connection, or both; one that is not connected stays as it is. */
    public static void shutDown(int descriptor, int direction) {
        Syscall.SHUTDOWN.call(descriptor, direction);
    }
}
