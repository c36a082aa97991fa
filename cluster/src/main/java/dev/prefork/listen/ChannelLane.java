package dev.prefork.listen;

import dev.prefork.ipc.Handle;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.wire.Accepted;
import dev.prefork.wire.Grant;
import dev.prefork.wire.NewConnection;

import java.util.Optional;

/**
 * A lane through the channel, as Node's own workers want it: newconn with the handle, answered by
 * accepted.
 */
final class ChannelLane implements FedLane {
    private final Filler filler;
    private final NewConnection question;
    private final Feeder feeder;
    private final UnderWay underWay;
    private final Pause pause = new Pause();
    private boolean retired;

    ChannelLane(EventLoop loop, Filler filler, String key, Feeder feeder) {
        this.underWay = new UnderWay(loop);
        this.filler = filler;
        this.question = new NewConnection(key);
        this.feeder = feeder;
    }

    @Override
    public Optional<Handle> grantHandle() {
        return Optional.empty();
    }

    @Override
    public Grant.Way way() {
        return Grant.Way.CHANNEL;
    }

    @Override
    public void hand(Fd connection) {
        Fd copy;
        try {
            copy = connection.duplicate();
        } catch (PosixException noDescriptorLeft) {
            feeder.refused(this);
            feeder.returned(connection);
            return;
        }
        underWay.set(connection);
        filler.link()
                .ask(
                        question,
                        new Handle(Handle.NET_NATIVE, copy),
                        (answer, handle) -> {
                            handle.ifPresent(Fd::close);
                            answered(answer);
                        },
                        () -> answered(new Accepted(false)));
    }

    private void answered(Accepted answer) {
        Optional<Fd> settled = answer.accepted() ? underWay.accepted() : underWay.reoffered();
        if (retired) {
            filler.hasLeft(this);
        }
        settled.ifPresent(
                connection -> {
                    if (answer.accepted()) {
                        connection.close();
                        pause.over();
                        feeder.taken(this);
                        feeder.freed(this);
                    } else {
                        feeder.refused(this);
                        feeder.returned(connection);
                    }
                });
    }

    @Override
    public Filler filler() {
        return filler;
    }

    @Override
    public boolean isActive() {
        return !retired;
    }

    @Override
    public Pause pause() {
        return pause;
    }

    @Override
    public UnderWay underWay() {
        return underWay;
    }

    @Override
    public int open() {
        return UNTOLD;
    }

    @Override
    public void reclaim() {
        // What is in the channel cannot be taken out of it.
    }

    @Override
    public void retire() {
        retired = true;
        if (!underWay.isEmpty()) {
            filler.leaves(this);
        }
    }

    @Override
    public void channelClosed() {
        // Node writes its answer before its application sees the connection, and the end of the
        // channel comes after all that was written to it: no answer, not accepted.
        filler.hasLeft(this);
        underWay.reoffered().ifPresent(feeder::returned);
    }

    @Override
    public void fillerGone() {
        // The end of the channel says all.
    }
}
