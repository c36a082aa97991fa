package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The terminal whose signals this process gets: /dev/tty of tty(4). */
public final class ControllingTerminal {
    private static final String NAME = "/dev/tty";
    private static final int AT_FDCWD = -100;

    // <asm-generic/fcntl.h>
    private static final int O_NOCTTY = 0x100;
    private static final int O_CLOEXEC = 0x80000;

    private ControllingTerminal() {}

    /**
     * Returns when it has hung up: when it was closed, or the session that it belongs to has ended.
     * At once where there is none.
     */
    public static void awaitHangUp() {
        try (Fd terminal = open();
                Epoll epoll = Epoll.open()) {
            // Nothing but its end, which is told whatever is asked for.
            epoll.add(terminal.number(), 0, 0);
            while (epoll.await(-1) == 0) {
                // A signal came.
            }
        } catch (PosixException thereIsNone) {
            // ENXIO; or it went meanwhile.
        }
    }

    private static Fd open() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(NAME);
            long fd = Syscall.OPENAT.call(AT_FDCWD, path.address(), O_NOCTTY | O_CLOEXEC, 0);
            return Fd.owning((int) PosixException.check(Syscall.OPENAT, NAME, fd));
        }
    }
}
