package dev.prefork.it.fire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The connections that a server has, by their clients' ports, in a file that outlives its SIGKILL.
 * A server without such a file is not known to have any.
 */
final class InHand {
    private static final int PORTS = 1 << 16;

    private final ByteBuffer ports;

    private InHand(ByteBuffer ports) {
        this.ports = ports;
    }

    private static Path file(Path folder, long pid) {
        return folder.resolve("in-hand." + pid);
    }

    /** Whether this process has such a file. */
    static boolean isThere(Path folder, long pid) {
        return Files.exists(file(folder, pid));
    }

    /** The file of this process. */
    static InHand open(Path folder) throws IOException {
        try (FileChannel file =
                FileChannel.open(
                        file(folder, ProcessHandle.current().pid()),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            return new InHand(file.map(FileChannel.MapMode.READ_WRITE, 0, PORTS));
        }
    }

    /** What a process that has ended has left; it may have ended before the file was whole. */
    static InHand left(Path folder, int pid) throws IOException {
        Path file = file(folder, pid);
        byte[] left = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        return new InHand(ByteBuffer.wrap(Arrays.copyOf(left, PORTS)));
    }

    /** A connection was accepted. */
    void take(int port) {
        ports.put(port, (byte) 1);
    }

    /** It is about to be closed. */
    void release(int port) {
        ports.put(port, (byte) 0);
    }

    /** True once for each connection that it had. */
    boolean explains(int port) {
        boolean had = ports.get(port) != 0;
        ports.put(port, (byte) 0);
        return had;
    }
}
