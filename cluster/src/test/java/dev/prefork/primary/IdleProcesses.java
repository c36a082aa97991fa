package dev.prefork.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.launch.Spawner;
import dev.prefork.posix.CString;
import dev.prefork.posix.Child;
import dev.prefork.posix.Credentials;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Spawn;
import dev.prefork.wire.LinkEnd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts processes that do nothing in place of workers. The far ends of their channels stay here:
 * the test speaks for them.
 */
final class IdleProcesses implements Spawner {
    private static final CString CHANNEL = CString.of("NODE_CHANNEL_FD");

    private final BlockingQueue<Fd> sockets = new LinkedBlockingQueue<>();
    private final List<LinkEnd> ends = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile int errno;

    /** From now on no process can be started; 0 for the contrary. */
    void fail(int withErrno) {
        errno = withErrno;
    }

    /** How many could not be started. */
    int failures() {
        return failures.get();
    }

    @Override
    public Child start(Spawn spawn, Credentials credentials) throws PosixException {
        if (errno != 0) {
            failures.incrementAndGet();
            throw new PosixException("posix_spawn", spawn.executable().toString(), errno);
        }
        Map<Integer, Integer> descriptors = new HashMap<>(spawn.descriptors());
        int channel = Integer.parseInt(spawn.environment().get(CHANNEL).toString());
        Fd far = Descriptors.copy(descriptors.remove(channel));
        try {
            Child child =
                    new Spawn(
                                    CString.of("sleep"),
                                    List.of(CString.of("600")),
                                    spawn.environment(),
                                    spawn.directory(),
                                    descriptors,
                                    spawn.ownGroup())
                            .start();
            sockets.add(far);
            return child;
        } catch (PosixException e) {
            far.close();
            throw e;
        }
    }

    /** The far end of the channel of the process that was started next. */
    LinkEnd nextEnd() throws Exception {
        LinkEnd end = new LinkEnd(sockets.remove());
        ends.add(end);
        return end;
    }

    /** The same, as it is. */
    Fd nextSocket() throws InterruptedException {
        return sockets.take();
    }

    /** Closes the ends that nobody has asked for. */
    void hangUp() {
        List<Fd> unused = new ArrayList<>();
        sockets.drainTo(unused);
        unused.forEach(Fd::close);
    }

    void close() throws InterruptedException {
        hangUp();
        for (LinkEnd end : ends) {
            end.close();
        }
        assertThat(sockets).isEmpty();
    }
}
