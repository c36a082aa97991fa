package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The terminal whose signals this process gets: /dev/tty of tty(4). */
public final class ControllingTerminal {
    private static final String NAME = "/dev/tty";
    private static final int AT_FDCWD = -100;

    // <asm-generic/fcntl.h>
    private static final int O_NOCTTY = 0x100;
    private static final int O_CLOEXEC = 0x80000;

    // struct termios, <asm-generic/termbits.h>: four tcflag_t, of which c_lflag is the last.
    private static final long TCGETS = 0x5401;
    private static final long TERMIOS_BYTES = 64;
    private static final long C_LFLAG = 12;
    private static final int TOSTOP = 0x100;

    private ControllingTerminal() {}

    /**
     * Whether the terminal behind a descriptor stops who writes to it in the background, as after
     * {@code stty tostop}. False for what is no terminal.
     */
    public static boolean stopsWriters(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment termios = arena.allocate(TERMIOS_BYTES, Integer.BYTES);
            return Syscall.IOCTL.call(descriptor, TCGETS, termios.address(), 0, 0) == 0
                    && (termios.get(ValueLayout.JAVA_INT, C_LFLAG) & TOSTOP) != 0;
        }
    }

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
