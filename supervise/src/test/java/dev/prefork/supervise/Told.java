package dev.prefork.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A supervisor whose forks all work: the worker n has the id n and the pid 100 + n. */
final class Told {
    static final Limits LIMITS =
            new Limits(
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(10));

    final Supervisor supervisor;
    private final List<Action> actions = new ArrayList<>();

    Told() {
        this(1);
    }

    /** With so many newcomers at once. */
    Told(int surge) {
        this(surge, Restart.UNLESS_DONE);
    }

    private Told(int surge, Restart restart) {
        this.supervisor = new Supervisor(LIMITS, surge, restart);
    }

    /** Of those that end by themselves these are replaced. */
    static Told by(Restart restart) {
        return new Told(1, restart);
    }

    Told start(int workers) {
        return done(supervisor.start(workers));
    }

    /** So many workers, from 1, which all listen on *:80, and this is known. */
    static Told thatServe(int workers) {
        Told told = new Told().start(workers);
        for (int worker = 1; worker <= workers; worker++) {
            told.listens(worker, "*:80");
        }
        return told.on(new Event.Settled());
    }

    Told on(Event event) {
        return done(supervisor.on(event));
    }

    private Told done(List<Action> wanted) {
        actions.addAll(wanted);
        for (Action action : wanted) {
            if (action instanceof Action.Fork fork) {
                on(fork.worker(), new WorkerEvent.Forked(fork.worker(), 100 + fork.worker()));
            }
        }
        return this;
    }

    Told on(int worker, WorkerEvent event) {
        return on(new Event.OfWorker(worker, event));
    }

    Told asks(Event.Request request) {
        return on(new Event.Asked(request));
    }

    Told listens(int worker, String address) {
        return on(worker, new WorkerEvent.Listening(address));
    }

    /** In a reload: it listens, and goes on so. */
    Told isProved(int worker, String address) {
        return listens(worker, address).timesOut(worker, WorkerState.PROBATION);
    }

    Told closes(int worker, String address) {
        return on(worker, new WorkerEvent.Closed(address));
    }

    Told exits(int worker, int code) {
        return on(worker, new WorkerEvent.Exited(new End.Code(code), List.of()));
    }

    Told isKilled(int worker) {
        return on(worker, new WorkerEvent.Exited(new End.Signal("SIGKILL"), List.of("ouch")));
    }

    Told timesOut(int worker, WorkerState state) {
        return on(worker, new WorkerEvent.TimedOut(state));
    }

    Status status() {
        return supervisor.status();
    }

    Status.Slot slot(int number) {
        return status().slots().stream()
                .filter(slot -> slot.number() == number)
                .findFirst()
                .orElseThrow();
    }

    /** The actions of a kind since the last call of this method. */
    <T extends Action> List<T> take(Class<T> kind) {
        List<T> taken = actions.stream().filter(kind::isInstance).map(kind::cast).toList();
        actions.clear();
        return taken;
    }

    /** As {@link #take}, of what is told. */
    List<Notice> takeNotices() {
        return take(Action.Tell.class).stream().map(Action.Tell::notice).toList();
    }
}
