package dev.prefork.worker;

import dev.prefork.Message;
import dev.prefork.ipc.Receipt;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.Act;
import dev.prefork.wire.ClusterLink;
import dev.prefork.wire.ClusterLink.Asked;

import java.util.Optional;
import java.util.concurrent.FutureTask;

/**
 * What a worker does first, done by a spare with itself while nobody waits for it: what it needs of
 * our classes is loaded and linked then. Belongs to the loop's thread.
 */
final class Rehearsal implements ClusterLink.Peer {
    private Rehearsal() {}

    /** Over when this returns. On another thread than the loop's. */
    static void on(EventLoop loop) {
        FutureTask<Void> play =
                new FutureTask<>(
                        () -> {
                            play(loop);
                            return null;
                        });
        loop.execute(play);
        WorkerRuntime.await(play);
    }

    private static void play(EventLoop loop) throws PosixException {
        Fd[] ends = Sockets.pair(Sockets.Type.STREAM);
        ClusterLink worker;
        try {
            worker = ClusterLink.open(loop, ends[0], new Rehearsal());
        } catch (PosixException e) {
            ends[1].close();
            throw e;
        }
        ClusterLink primary;
        try {
            primary = ClusterLink.open(loop, ends[1], new Rehearsal());
        } catch (PosixException e) {
            worker.channel().abort();
            throw e;
        }
        worker.tell(Act.Simple.ONLINE);
        primary.channel().disconnect();
    }

    @Override
    public void message(Message message, Receipt receipt) {
        receipt.done();
    }

    @Override
    public void act(Act act, Asked asked, Optional<Fd> handle, Receipt receipt) {
        receipt.done();
    }

    @Override
    public void error(Exception problem) {
        // The worker's own channel will have it too, and then it is told.
    }

    @Override
    public void disconnected() {
        // That is all.
    }
}
