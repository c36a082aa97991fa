package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Optional;

/**
 * What the kernel knows of a TCP connection. Source: struct tcp_info of linux/tcp.h, as it is since
 * Linux 4.6; the times have the kernel's tick, 4 ms on most machines.
 *
 * @param sinceSent since data was sent last; since the connection was made if none ever was
 * @param sinceReceived since data came last; likewise
 * @param acknowledged bytes of data that the other end has acknowledged
 * @param received bytes of data that have come
 * @param underWay whether anything that was written has not been acknowledged
 */
public record TcpInfo(
        Duration sinceSent,
        Duration sinceReceived,
        long acknowledged,
        long received,
        boolean underWay) {
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final int UNACKED = 24;
    private static final int LAST_DATA_SENT = 44;
    private static final int LAST_DATA_RECV = 52;
    private static final int BYTES_ACKED = 120;
    private static final int BYTES_RECEIVED = 128;
    private static final int NOTSENT_BYTES = 144;
    private static final int LENGTH = 148;

    /** Of a socket; empty when it is no TCP connection, or the kernel too old to tell. */
    public static Optional<TcpInfo> of(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, LENGTH);
            MemorySegment raw = arena.allocate(LENGTH, 8);
            long result =
                    Syscall.GETSOCKOPT.call(
                            socket, IPPROTO_TCP, TCP_INFO, raw.address(), length.address());
            if (result < 0 || length.get(ValueLayout.JAVA_INT, 0) < LENGTH) {
                return Optional.empty();
            }
            return Optional.of(
                    new TcpInfo(
                            Duration.ofMillis(unsigned(raw, LAST_DATA_SENT)),
                            Duration.ofMillis(unsigned(raw, LAST_DATA_RECV)),
                            raw.get(ValueLayout.JAVA_LONG, BYTES_ACKED),
                            raw.get(ValueLayout.JAVA_LONG, BYTES_RECEIVED),
                            unsigned(raw, UNACKED) + unsigned(raw, NOTSENT_BYTES) > 0));
        }
    }

    private static long unsigned(MemorySegment raw, int offset) {
        return Integer.toUnsignedLong(raw.get(ValueLayout.JAVA_INT, offset));
    }

    /** Whether nothing has passed, either way, for so long. */
    public boolean isQuietFor(Duration time) {
        return sinceSent.compareTo(time) >= 0 && sinceReceived.compareTo(time) >= 0;
    }
}
