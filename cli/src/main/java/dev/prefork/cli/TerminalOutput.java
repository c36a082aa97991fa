package dev.prefork.cli;

import dev.prefork.posix.BlockingOutput;
import dev.prefork.posix.ControllingTerminal;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A terminal, written to as a shell's job does. After {@code stty tostop} one in the background
 * stops, with its workers, instead of writing, and writes when it is in the foreground.
 *
 * <p>The system would say it by SIGTTOU, again and again as long as there is a handler, and a user
 * means something else by that signal. So it is asked before, as Ctrl-Z asks.
 */
final class TerminalOutput extends OutputStream {
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Far more than it takes to stop the workers, and then this process. */
    private static final long STOP_TAKES_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final int descriptor;
    private final BlockingOutput output;

    TerminalOutput(int descriptor) {
        this.descriptor = descriptor;
        this.output = new BlockingOutput(descriptor);
    }

    @Override
    public void write(int oneByte) throws IOException {
        write(new byte[] {(byte) oneByte});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        while (wouldStop()) {
            Job.suspendThisProcess();
            awaitForeground();
        }
        output.writeInBackground(bytes, offset, length);
    }

    private boolean wouldStop() {
        return ControllingTerminal.stopsWriters(descriptor) && Job.ofThisProcess().isInBackground();
    }

    /** Stopped meanwhile; whoever continues it in the background has it stopped again. */
    private void awaitForeground() {
        long began = System.nanoTime();
        while (wouldStop() && System.nanoTime() - began < STOP_TAKES_NANOS) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }
}
