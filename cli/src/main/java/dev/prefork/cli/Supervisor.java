package dev.prefork.cli;

import dev.prefork.Exit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Decides what becomes of all workers: an event in, actions out. It has no threads, no clock and no
 * processes; what becomes of one worker is in {@link WorkerState}.
 */
final class Supervisor {
    /** So many deaths in a row before any worker has ever listened, and there is no hope. */
    static final int GIVE_UP_AFTER = 5;

    private final Limits limits;
    private final Roster roster = new Roster();
    private final Announcements announcements = new Announcements(roster);
    private List<Action> actions = new ArrayList<>();

    private boolean everListened;
    private int deathsInARow;
    private boolean saidThatItDoesNotListen;

    private Reload reload;
    private boolean reloadAgain;

    private boolean ending;
    private boolean stopped;
    private int exitCode;

    Supervisor(Limits limits) {
        this.limits = limits;
    }

    List<Action> start(int workers) {
        for (int i = 0; i < workers; i++) {
            tell(roster.add(), WorkerEvent.TIMEOUT);
        }
        return takeActions();
    }

    List<Action> on(Event event) {
        switch (event) {
            case Event.Forked(int worker, int id, int pid) ->
                    with(worker, member -> member.isForked(id, pid));
            case Event.NotForked(int worker, String reason) ->
                    with(worker, member -> ended(member, reason, WorkerEvent.DIED));
            case Event.Online(int worker) -> with(worker, this::online);
            case Event.Listening(int worker, String address) ->
                    with(worker, member -> listening(member, address));
            case Event.Disconnected(int worker) ->
                    with(worker, member -> tell(member, WorkerEvent.DISCONNECTED));
            case Event.Exited(int worker, Exit exit, List<String> lastLines) ->
                    with(worker, member -> exited(member, exit, lastLines));
            case Event.TimedOut(int worker, WorkerState state) ->
                    with(worker, member -> timedOut(member, state));
            case Event.Settled() -> {
                if (isServing()) {
                    announcements.settled().ifPresent(actions::add);
                }
            }
            case Event.Asked(Event.Request request) -> asked(request);
        }
        return takeActions();
    }

    private void with(int worker, Consumer<Member> action) {
        roster.find(worker).ifPresent(action);
    }

    private List<Action> takeActions() {
        if (roster.isEmpty()) {
            if (stopped) {
                say("stopped");
            }
            actions.add(new Action.End(exitCode));
        } else if (isServing()) {
            actions.addAll(announcements.changes());
        }
        List<Action> taken = actions;
        actions = new ArrayList<>();
        return taken;
    }

    private boolean isServing() {
        return !ending && reload == null;
    }

    private void say(String line) {
        actions.add(new Action.Say(line));
    }

    // What happens to a worker.

    private void online(Member member) {
        // What never listens is as good as it gets when it runs.
        if (isNewcomer(member) && reload.addresses().isEmpty()) {
            tell(member, WorkerEvent.READY);
        }
    }

    private void listening(Member member, String address) {
        member.addresses.add(address);
        everListened = true;
        if (!isNewcomer(member) || member.addresses.containsAll(reload.addresses())) {
            tell(member, WorkerEvent.READY);
        }
    }

    private void exited(Member member, Exit exit, List<String> lastLines) {
        member.lastLines = lastLines;
        String end = exit.signal().orElseGet(() -> "exit code " + exit.code().orElseThrow());
        boolean finished = exit.isSuccess() && member.addresses.isEmpty();
        ended(member, end, finished ? WorkerEvent.FINISHED : WorkerEvent.DIED);
    }

    private void ended(Member member, String end, WorkerEvent event) {
        member.end = end;
        tell(member, event);
    }

    private void timedOut(Member member, WorkerState state) {
        if (member.state == state) {
            tell(member, WorkerEvent.TIMEOUT);
        }
    }

    private void tell(Member member, WorkerEvent event) {
        WorkerState before = member.state;
        WorkerState.Step step = before.on(event);
        if (step.effects().contains(Effect.FORK)) {
            member.slot = roster.freeSlot();
        }
        member.state = step.next();
        if (member.state == WorkerState.GONE) {
            roster.remove(member);
        }
        if (member.state != before) {
            limits.of(member.state)
                    .map(time -> new Action.StartTimer(member.number, member.state, time))
                    .ifPresent(actions::add);
        }
        step.effects().forEach(effect -> bringAbout(effect, member));
    }

    private void bringAbout(Effect effect, Member member) {
        switch (effect) {
            case FORK -> actions.add(new Action.Fork(member.number, member.slot));
            case DISCONNECT -> actions.add(new Action.Disconnect(member.number));
            case TERMINATE -> actions.add(new Action.Signal(member.number, "SIGTERM"));
            case KILL -> actions.add(new Action.Signal(member.number, "SIGKILL"));
            case REPLACE -> replace(member);
            case FINISH -> finished(member);
            case SUCCEED -> {
                tell(reload.old(), WorkerEvent.LEAVE);
                reloadNext();
            }
            case FAIL -> reloadFailed(member);
            case FORGET_DEATHS -> member.deaths = 0;
            case SAY_THAT_IT_DOES_NOT_LISTEN -> doesNotListen(member);
            case SAY_THAT_IT_STILL_SERVES ->
                    say(
                            member
                                    + " still has connections after "
                                    + Wording.seconds(limits.drain())
                                    + ": SIGTERM");
            case SAY_THAT_IT_DOES_NOT_END ->
                    say(
                            member
                                    + " does not end within "
                                    + Wording.seconds(limits.stop())
                                    + ": SIGKILL");
        }
    }

    private void doesNotListen(Member member) {
        if (!saidThatItDoesNotListen) {
            saidThatItDoesNotListen = true;
            say(
                    member
                            + " runs, but has not listened on a port in "
                            + Wording.seconds(Limits.SILENCE)
                            + "; as long as it does not, nothing is shared: each worker is a"
                            + " program of its own");
        }
    }

    // Deaths.

    private void replace(Member dead) {
        if (reload != null && reload.old() == dead) {
            say(dead + " died: " + dead.end + "; another one is starting");
            tell(reload.newcomer(), WorkerEvent.ADOPT);
            reloadNext();
            return;
        }
        deathsInARow++;
        if (!everListened && deathsInARow >= GIVE_UP_AFTER) {
            giveUp(dead);
            return;
        }
        Member next = roster.add();
        next.deaths = dead.deaths + 1;
        Duration pause = Limits.pauseAfter(next.deaths);
        String when = pause.isZero() ? "" : " in " + Wording.seconds(pause);
        say(dead + " died: " + dead.end + "; starting another" + when);
        if (pause.isZero()) {
            tell(next, WorkerEvent.TIMEOUT);
        } else {
            actions.add(new Action.StartTimer(next.number, WorkerState.WAITING, pause));
        }
    }

    private void giveUp(Member dead) {
        say(
                "giving up, as "
                        + GIVE_UP_AFTER
                        + " workers died before any listened on a port; the last, "
                        + dead
                        + ", with "
                        + dead.end
                        + (dead.lastLines.isEmpty() ? "" : "; its last lines:"));
        dead.lastLines.forEach(line -> say("  " + line));
        end(1);
    }

    private void finished(Member member) {
        deathsInARow = 0;
        if (reload != null && reload.old() == member) {
            tell(reload.newcomer(), WorkerEvent.ADOPT);
            reloadNext();
        }
        say(member + " ended with exit code 0 before it listened on a port: it is not replaced");
    }

    // What users ask for.

    private void asked(Event.Request request) {
        switch (request) {
            case STOP -> stop(0);
            case INTERRUPT -> stop(130);
            case RELOAD -> reload();
            case ONE_MORE -> oneMore();
            case ONE_FEWER -> oneFewer();
        }
    }

    private void oneMore() {
        if (!ending) {
            say("one worker more: " + (roster.current().size() + 1));
            tell(roster.add(), WorkerEvent.TIMEOUT);
        }
    }

    private void oneFewer() {
        List<Member> current = roster.current();
        if (ending || current.size() <= 1) {
            return;
        }
        say("one worker fewer: " + (current.size() - 1));
        // Not the one that the newcomer of a reload is compared with.
        Member newest = current.getLast();
        boolean isBeingReplaced = reload != null && reload.old() == newest;
        tell(isBeingReplaced ? current.get(current.size() - 2) : newest, WorkerEvent.LEAVE);
    }

    private void stop(int code) {
        if (ending) {
            roster.all().forEach(member -> tell(member, WorkerEvent.KILL));
            return;
        }
        stopped = true;
        say("stopping " + Wording.workers(roster.living().size()));
        end(code);
    }

    private void end(int code) {
        ending = true;
        exitCode = code;
        reload = null;
        actions.add(new Action.Progress(""));
        roster.all().forEach(member -> tell(member, WorkerEvent.LEAVE));
    }

    // Reloading.

    private void reload() {
        if (ending) {
            return;
        }
        if (reload != null) {
            reloadAgain = true;
            return;
        }
        List<Member> current = roster.current();
        say("reloading " + Wording.workers(current.size()));
        // A place that is empty needs nothing but a worker.
        List<Member> waiting =
                current.stream().filter(member -> member.state == WorkerState.WAITING).toList();
        waiting.forEach(member -> tell(member, WorkerEvent.TIMEOUT));
        reload = new Reload(current.stream().filter(member -> !waiting.contains(member)).toList());
        reloadNext();
    }

    private boolean isNewcomer(Member member) {
        return member.state == WorkerState.TRIAL;
    }

    private void reloadNext() {
        if (reload.next()) {
            Member newcomer = roster.add();
            reload.tries(newcomer);
            tell(newcomer, WorkerEvent.TRY);
            return;
        }
        List<Member> running = roster.current().stream().filter(member -> member.id != 0).toList();
        say("reloaded " + Wording.workersAndPids(running));
        announcements.said();
        reloadIsOver();
    }

    private void reloadFailed(Member newcomer) {
        String why =
                newcomer.end.isEmpty()
                        ? "%s does not listen on %s within %s"
                                .formatted(
                                        newcomer,
                                        String.join(", ", reload.addresses()),
                                        Wording.seconds(limits.listen()))
                        : newcomer + " died: " + newcomer.end;
        say("reload failed: " + why + "; the old workers serve on");
        reloadIsOver();
    }

    private void reloadIsOver() {
        reload = null;
        if (reloadAgain) {
            reloadAgain = false;
            reload();
        }
    }
}
