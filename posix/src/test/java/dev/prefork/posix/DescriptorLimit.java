package dev.prefork.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/**
 * Takes this process's right to open descriptors away, and gives it back: the soft limit
 * RLIMIT_NOFILE, below which a new descriptor's number must be.
 *
 * <p>Nothing else can be opened either, no class file and no jar: do once with room what is to be
 * done without.
 */
public final class DescriptorLimit implements AutoCloseable {
    private static final int RLIMIT_NOFILE = 7;
    private static final MemorySegment PRLIMIT = Libc.function("prlimit");

    private final long before;
    private final long hard;

    public DescriptorLimit() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(16, 8);
            call(0, limits.address());
            this.before = limits.get(ValueLayout.JAVA_LONG, 0);
            this.hard = limits.get(ValueLayout.JAVA_LONG, 8);
        }
        // Whatever they need is loaded now, and what opening and a refusal need.
        Descriptors.openNull().close();
        var _ = new PosixException("open", "", Errno.EMFILE).getMessage();
        BitSet open = open();
        set(limitLeaving(open, open.length()));
        restore();
    }

    /** From now on nobody in this process can open anything. */
    public void leaveNone() throws IOException {
        set(1);
    }

    /**
     * From now on exactly so many more descriptors can be open at a time, until somebody closes one
     * of those that are open now.
     */
    public void leave(int count) throws IOException {
        // Numbers are given from the lowest free one on, so that holes count.
        set(limitLeaving(open(), count));
    }

    public void restore() throws IOException {
        set(before);
    }

    /** The number below which so many are free. */
    static int limitLeaving(BitSet open, int count) {
        int limit = 0;
        for (int left = count; left > 0; left--) {
            limit = open.nextClearBit(limit) + 1;
        }
        return limit;
    }

    private static BitSet open() throws IOException {
        BitSet open = new BitSet();
        NothingLeft.all().keySet().forEach(open::set);
        return open;
    }

    private void set(long soft) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(16, 8);
            limits.set(ValueLayout.JAVA_LONG, 0, soft);
            limits.set(ValueLayout.JAVA_LONG, 8, hard);
            call(limits.address(), 0);
        }
    }

    private static void call(long change, long old) throws PosixException {
        long result = Libc.call(PRLIMIT, 0, RLIMIT_NOFILE, change, old, 0, 0, 0);
        if (result < 0) {
            throw new PosixException("prlimit", "RLIMIT_NOFILE", (int) -result);
        }
    }

    @Override
    public void close() throws IOException {
        restore();
    }
}
