package dev.prefork.cli;

import dev.prefork.Exit;

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
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(60)));

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

    private Play tell(Event event) {
        carryOut(supervisor.on(event));
        return this;
    }

    private void carryOut(List<Action> actions) {
        actions.forEach(action -> wanted.add(describe(action)));
        for (Action action : actions) {
            if (action instanceof Action.Fork(int worker, int _)) {
                tell(
                        forkFault.isEmpty()
                                ? new Event.Forked(worker, worker, 100 + worker)
                                : new Event.NotForked(worker, forkFault));
            }
        }
    }

    private static String describe(Action action) {
        return switch (action) {
            case Action.Fork(int worker, int slot) -> "fork " + worker + " slot " + slot;
            case Action.Disconnect(int worker) -> "disconnect " + worker;
            case Action.Signal(int worker, String name) -> name + " " + worker;
            case Action.StartTimer(int worker, WorkerState state, Duration time) ->
                    "timer " + worker + " " + state + " " + Wording.seconds(time);
            case Action.StartSettling() -> "settle";
            case Action.Say(String line) -> "say " + line;
            case Action.Progress(String text) -> "progress " + text;
            case Action.End(int code) -> "end " + code;
        };
    }

    // What happens.

    Play online(int worker) {
        return tell(new Event.Online(worker));
    }

    Play listens(int worker, String address) {
        return tell(new Event.Listening(worker, address));
    }

    Play disconnects(int worker) {
        return tell(new Event.Disconnected(worker));
    }

    Play exits(int worker, int code, String... lastLines) {
        return tell(new Event.Exited(worker, Exit.ofCode(code), List.of(lastLines)));
    }

    Play isKilled(int worker) {
        return tell(new Event.Exited(worker, Exit.ofSignal("SIGKILL"), List.of()));
    }

    Play timesOut(int worker, WorkerState state) {
        return tell(new Event.TimedOut(worker, state));
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
