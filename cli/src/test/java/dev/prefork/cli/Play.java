package dev.prefork.cli;

import dev.prefork.drive.Sentences;
import dev.prefork.drive.Wording;
import dev.prefork.supervise.Action;
import dev.prefork.supervise.End;
import dev.prefork.supervise.Event;
import dev.prefork.supervise.Limits;
import dev.prefork.supervise.Notice;
import dev.prefork.supervise.Restart;
import dev.prefork.supervise.Supervisor;
import dev.prefork.supervise.WorkerEvent;
import dev.prefork.supervise.WorkerState;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A supervisor and what it has wanted so far, in words. Every fork works, unless told otherwise:
 * the process of worker n is 100 + n.
 */
final class Play {
    final Supervisor supervisor =
            new Supervisor(
                    new Limits(
                            Duration.ofSeconds(20),
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(60),
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(10)),
                    1,
                    Restart.UNLESS_DONE);

    private final List<String> wanted = new ArrayList<>();
    private String forkFault = "";

    Play start(int workers) {
        carryOut(supervisor.start(workers));
        return this;
    }

    Play forksFail(String reason) {
        forkFault = reason;
        return this;
    }

    Play tell(Event event) {
        carryOut(supervisor.on(event));
        return this;
    }

    private Play tell(int worker, WorkerEvent event) {
        return tell(new Event.OfWorker(worker, event));
    }

    private void carryOut(List<Action> actions) {
        actions.forEach(action -> wanted.addAll(describe(action)));
        for (Action action : actions) {
            if (action instanceof Action.Fork(int worker, int _, int _)) {
                tell(
                        worker,
                        forkFault.isEmpty()
                                ? new WorkerEvent.Forked(worker, 100 + worker)
                                : new WorkerEvent.NotForked(forkFault));
            }
        }
    }

    private static List<String> describe(Action action) {
        return switch (action) {
            case Action.Fork(int worker, int slot, int _) ->
                    List.of("fork " + worker + " slot " + slot);
            case Action.Disconnect(int worker) -> List.of("disconnect " + worker);
            case Action.Signal(int worker, String name) -> List.of(name + " " + worker);
            case Action.StartTimer(int worker, WorkerState state, Duration time) ->
                    List.of("timer " + worker + " " + state + " " + Wording.seconds(time));
            case Action.StartDeadline(int worker, Duration time) ->
                    List.of("timer " + worker + " for all " + Wording.seconds(time));
            case Action.StartSettling() -> List.of("settle");
            case Action.SettleSlot _,
                    Action.CloseSlot _,
                    Action.TakeNoMore _,
                    Action.StartCounting _,
                    Action.KeepOnly _ ->
                    List.of();
            case Action.Tell(Notice.Progress progress) ->
                    List.of("progress " + Sentences.of(progress));
            case Action.Tell(Notice notice) ->
                    Sentences.of(notice).stream().map(line -> "say " + line).toList();
            case Action.Suspend() -> List.of("suspend");
            case Action.End(int code) -> List.of("end " + code);
        };
    }

    // What happens.

    Play online(int worker) {
        return tell(worker, new WorkerEvent.Online());
    }

    Play listens(int worker, String address) {
        return tell(worker, new WorkerEvent.Listening(address));
    }

    /** In a reload: it listens, and goes on so. */
    Play isProved(int worker) {
        return listens(worker, "*:80").timesOut(worker, WorkerState.PROBATION);
    }

    Play disconnects(int worker) {
        return tell(worker, new WorkerEvent.Disconnected());
    }

    Play exits(int worker, int code, String... lastLines) {
        return tell(worker, new WorkerEvent.Exited(new End.Code(code), List.of(lastLines)));
    }

    Play isKilled(int worker) {
        return tell(worker, new WorkerEvent.Exited(new End.Signal("SIGKILL"), List.of()));
    }

    Play isOverdue(int worker) {
        return tell(worker, new WorkerEvent.Overdue());
    }

    Play timesOut(int worker, WorkerState state) {
        return tell(worker, new WorkerEvent.TimedOut(state));
    }

    Play settles() {
        return tell(new Event.Settled());
    }

    Play asks(Event.Request request) {
        return tell(new Event.Asked(request));
    }

    /** Workers 1 and 2, which listen on *:80 and are known to. */
    static Play ofTwoThatServe() {
        Play play = new Play().start(2).listens(1, "*:80").listens(2, "*:80").settles();
        play.wanted();
        return play;
    }

    /** What it has wanted since the last call. */
    List<String> wanted() {
        List<String> now = List.copyOf(wanted);
        wanted.clear();
        return now;
    }

    /** As {@link #wanted}, without timers and what is shown of the progress. */
    List<String> deeds() {
        return wanted().stream()
                .filter(text -> !text.matches("(timer|settle|progress).*"))
                .toList();
    }
}
