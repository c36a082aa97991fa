package dev.prefork.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import picocli.CommandLine.Help.Ansi;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * This process's stdout and stderr. On a terminal there may be a status line below all others. A
 * write blocks while the stream does, and what nobody reads any more is dropped. Safe for any
 * thread.
 */
final class Screen {
    /** The two streams of a process. */
    enum Stream {
        OUT(1, FileDescriptor.out),
        ERR(2, FileDescriptor.err);

        private final boolean isTerminal;
        private final FileOutputStream bytes;

        Stream(int number, FileDescriptor descriptor) {
            this.isTerminal = isTerminal(number);
            this.bytes = new FileOutputStream(descriptor);
        }

        private static boolean isTerminal(int descriptor) {
            try {
                String target =
                        Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
                return target.startsWith("/dev/pts/")
                        || target.startsWith("/dev/tty")
                        || target.equals("/dev/console");
            } catch (IOException closed) {
                return false;
            }
        }
    }

    private static final String CLEAR_LINE = "\r\u001b[K";

    private final ReentrantLock out = new ReentrantLock();
    // On a terminal both streams are one.
    private final ReentrantLock err =
            Stream.OUT.isTerminal && Stream.ERR.isTerminal ? out : new ReentrantLock();
    private String status = "";

    /** Whether escape sequences for colours are wanted there. */
    static boolean hasColours(Stream stream) {
        return stream.isTerminal && Ansi.AUTO.enabled();
    }

    /** A line on stderr. */
    void line(String text) {
        write(Stream.ERR, (text + "\n").getBytes(UTF_8));
    }

    /** Writes whole lines. */
    void write(Stream stream, byte[] lines) {
        ReentrantLock lock = stream == Stream.OUT ? out : err;
        lock.lock();
        try {
            boolean covered = err.isHeldByCurrentThread() && !status.isEmpty();
            if (covered) {
                put(Stream.ERR, CLEAR_LINE.getBytes(UTF_8));
            }
            put(stream, lines);
            if (covered) {
                put(Stream.ERR, status.getBytes(UTF_8));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Replaces the status line; nothing where there is no terminal. */
    void status(String text) {
        if (!Stream.ERR.isTerminal) {
            return;
        }
        err.lock();
        try {
            put(Stream.ERR, (CLEAR_LINE + text).getBytes(UTF_8));
            status = text;
        } finally {
            err.unlock();
        }
    }

    private static void put(Stream stream, byte[] bytes) {
        try {
            stream.bytes.write(bytes);
        } catch (IOException nobodyReads) {
            // As with head: the workers go on.
        }
    }
}
