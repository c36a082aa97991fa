package dev.prefork.worker;

import dev.prefork.StdioPipe;
import dev.prefork.launch.ExtraPipes;
import dev.prefork.loop.EventLoop;
import dev.prefork.loop.StreamSocket;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Environment;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The extra pipes that this worker has to its primary. Safe for any thread. */
final class OwnPipes {
    private final EventLoop loop;
    private final Map<Integer, Fd> unopened = new HashMap<>();
    private final Map<Integer, StdioPipe> open = new HashMap<>();

    private OwnPipes(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * Takes them over, so that the children of this process do not get them.
     *
     * @param channel the one to the primary
     */
    static OwnPipes adopt(EventLoop loop, int channel) throws PosixException {
        OwnPipes pipes = new OwnPipes(loop);
        List<Integer> descriptors =
                Environment.take(ExtraPipes.VARIABLE)
                        .map(ExtraPipes::read)
                        .orElseGet(() -> UnnamedPipes.beside(channel));
        for (int descriptor : descriptors) {
            pipes.unopened.put(descriptor, Descriptors.adopt(descriptor));
        }
        return pipes;
    }

    /** The pipe that is this descriptor; the same at each call. */
    synchronized Optional<StdioPipe> at(int descriptor) {
        Fd end = unopened.remove(descriptor);
        if (end != null) {
            makeNonBlocking(end);
            StreamSocket streams = StreamSocket.open(loop, end, StreamSocket.Direction.BOTH);
            open.put(descriptor, new StdioPipe(streams.input(), streams.output()));
        }
        return Optional.ofNullable(open.get(descriptor));
    }

    /** Whether somebody may read or write, which needs the loop. */
    synchronized boolean wereOpened() {
        return !open.isEmpty();
    }

    /** A process is started with blocking ends; a reader of ours must not keep the loop waiting. */
    private static void makeNonBlocking(Fd end) {
        try {
            Descriptors.setNonBlocking(end.number(), true);
        } catch (PosixException e) {
            end.close();
            throw new UncheckedIOException("cannot open the pipe", e);
        }
    }
}
