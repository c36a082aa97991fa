package dev.prefork.it.fire;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the workers' lines go in a storm: to a disk that is full, or to a pipe whose reader pauses.
 */
final class StormOutput implements AutoCloseable {
    private static final Path FULL_DISK = Path.of("/dev/full");

    private final Path target;
    private final Thread reader;
    private volatile long pausedUntil;

    private StormOutput(Path target) {
        this.target = target;
        this.reader = Thread.ofPlatform().daemon().unstarted(this::read);
    }

    static StormOutput fullDisk() {
        return new StormOutput(FULL_DISK);
    }

    static StormOutput pipe(Path folder) throws IOException, InterruptedException {
        Path pipe = folder.resolve("output");
        if (new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor() != 0) {
            throw new IOException("mkfifo failed: " + pipe);
        }
        StormOutput output = new StormOutput(pipe);
        output.reader.start();
        return output;
    }

    Path target() {
        return target;
    }

    void pause(Duration time) {
        pausedUntil = System.nanoTime() + time.toNanos();
    }

    /** To its end: until nobody has it open for writing. */
    private void read() {
        byte[] some = new byte[4096];
        try (InputStream lines = Files.newInputStream(target)) {
            while (lines.read(some) >= 0) {
                long pause = pausedUntil - System.nanoTime();
                if (pause > 0) {
                    Thread.sleep(Duration.ofNanos(pause));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the end of who writes. */
    @Override
    public void close() throws IOException {
        if (!target.equals(FULL_DISK)) {
            // A reader that nobody ever wrote to still waits in open; for both, open never waits.
            new RandomAccessFile(target.toFile(), "rw").close();
            try {
                if (!reader.join(Duration.ofSeconds(20))) {
                    throw new IOException("somebody still has it open: " + target);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
