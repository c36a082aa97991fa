package dev.prefork.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what becomes of all workers: an event in, actions out. What becomes of one of them is in
 * the table of {@link WorkerState}. For one thread.
 */
public final class Supervisor {
    private final Limits limits;
    private final Roster roster = new Roster();
    private final Announcements announcements = new Announcements(roster);
    private final Hope hope = new Hope();
    private final Reload reload = new Reload();
    private List<Action> actions = new ArrayList<>();

    private boolean toldThatOneDoesNotListen;
    private boolean ending;
    private boolean stopped;
    private int exitCode;

    public Supervisor(Limits limits) {
        this.limits = limits;
    }

    /** The first event: so many workers are wanted. */
    public List<Action> start(int workers) {
        for (int i = 0; i < workers; i++) {
            startNow(roster.add(roster.open()));
        }
        return takeActions();
    }

    public List<Action> on(Event event) {
        switch (event) {
            case Event.OfWorker(int worker, WorkerEvent what) ->
                    roster.find(worker).ifPresent(member -> happened(member, what));
            case Event.Settled() -> settled();
            case Event.Asked(Event.Request request) -> asked(request);
        }
        return takeActions();
    }

    /** All that is known now. */
    public Status status() {
        List<Member> current = roster.current();
        return new Status(
                current.size(),
                reload.generation(),
                roster.status(),
                reload.status(current),
                ending);
    }

    private List<Action> takeActions() {
        if (roster.isEmpty()) {
            if (stopped) {
                tell(new Notice.Stopped());
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
        return !ending && !reload.goesOn();
    }

    private void tell(Notice notice) {
        actions.add(new Action.Tell(notice));
    }

    private void settled() {
        if (isServing()) {
            announcements.settled().ifPresent(this::tell);
        }
    }

    // What happens to a worker.

    private void happened(Member member, WorkerEvent event) {
        switch (event) {
            case WorkerEvent.Forked(int id, int pid) -> {
                member.id = id;
                member.pid = pid;
            }
            case WorkerEvent.NotForked(String reason) ->
                    ended(member, new End.NotStarted(reason), new Turn.Died());
            case WorkerEvent.Online() -> {
                member.isOnline = true;
                judgeNewcomer();
            }
            case WorkerEvent.Listening(String address) -> listening(member, address);
            case WorkerEvent.Closed(String address) -> {
                member.addresses.remove(address);
                // The newcomer may have been short of just this one.
                judgeNewcomer();
            }
            case WorkerEvent.Disconnected disconnected -> turn(member, disconnected);
            case WorkerEvent.Exited(End end, List<String> lastLines) -> {
                member.lastLines = lastLines;
                boolean finished = end.isSuccess() && !member.hasListened;
                ended(member, end, finished ? new Turn.Finished() : new Turn.Died());
            }
            case WorkerEvent.TimedOut timedOut -> {
                if (member.state == timedOut.state()) {
                    turn(member, timedOut);
                }
            }
        }
    }

    private void listening(Member member, String address) {
        member.addresses.add(address);
        member.hasListened = true;
        hope.listened();
        if (member.isNewcomer()) {
            judgeNewcomer();
        } else {
            turn(member, new Turn.Ready());
        }
    }

    /** By what the one that it is to replace serves at this moment, which may be nothing. */
    private void judgeNewcomer() {
        if (reload.goesOn() && reload.newcomer().canReplace(reload.old())) {
            turn(reload.newcomer(), new Turn.Ready());
        }
    }

    private void ended(Member member, End end, Turn turn) {
        member.end = Optional.of(end);
        member.slot.ended(member, end);
        turn(member, turn);
    }

    private void startNow(Member member) {
        turn(member, new WorkerEvent.TimedOut(WorkerState.WAITING));
    }

    private void turn(Member member, Turn turn) {
        WorkerState before = member.state;
        WorkerState.Step step = before.on(turn);
        if (step.deeds().contains(Deed.FORK)) {
            member.number = roster.freeNumber();
            member.generation = reload.generation();
        }
        member.state = step.next();
        if (member.state == WorkerState.GONE) {
            roster.remove(member);
        }
        if (member.state != before) {
            limits.of(member.state).ifPresent(time -> startTimer(member, time));
        }
        step.deeds().forEach(deed -> bringAbout(deed, member));
    }

    private void startTimer(Member member, Duration time) {
        actions.add(new Action.StartTimer(member.worker, member.state, time));
    }

    private void bringAbout(Deed deed, Member member) {
        switch (deed) {
            case FORK ->
                    actions.add(
                            new Action.Fork(
                                    member.worker,
                                    member.slot.number,
                                    member.number,
                                    member.generation));
            case DISCONNECT -> actions.add(new Action.Disconnect(member.worker));
            case TERMINATE -> actions.add(new Action.Signal(member.worker, "SIGTERM"));
            case KILL -> actions.add(new Action.Signal(member.worker, "SIGKILL"));
            case REPLACE -> replace(member);
            case FINISH -> finished(member);
            case SUCCEED -> {
                member.slot.deaths = 0;
                turn(reload.old(), new Turn.Leave());
                reloadNext();
            }
            case FAIL -> reloadFailed(member);
            case FORGET_DEATHS -> isSteady(member.slot);
            case SAY_THAT_IT_DOES_NOT_LISTEN -> doesNotListen(member);
            case SAY_THAT_IT_STILL_SERVES ->
                    tell(new Notice.StillServes(member.who(), limits.drain()));
            case SAY_THAT_IT_DOES_NOT_END ->
                    tell(new Notice.DoesNotEnd(member.who(), limits.stop()));
        }
    }

    private void isSteady(Slot slot) {
        slot.deaths = 0;
        if (slot.isOpen) {
            actions.add(new Action.SettleSlot(slot.number));
        }
    }

    private void doesNotListen(Member member) {
        if (!toldThatOneDoesNotListen) {
            toldThatOneDoesNotListen = true;
            tell(new Notice.NotListening(member.who(), Limits.SILENCE));
        }
    }

    // Ends that nobody asked for.

    private void replace(Member dead) {
        End end = dead.end.orElseThrow();
        if (reload.replaces(dead)) {
            tell(new Notice.ReplacedWorkerDied(dead.who(), end));
            adoptNewcomer();
            return;
        }
        if (!hope.died()) {
            tell(new Notice.GaveUp(Hope.GIVE_UP_AFTER, dead.who(), end, dead.lastLines));
            end(1);
            return;
        }
        dead.slot.deaths++;
        Member next = roster.add(dead.slot);
        Duration pause = Limits.pauseAfter(dead.slot.deaths);
        tell(new Notice.WorkerDied(dead.who(), end, pause));
        if (pause.isZero()) {
            startNow(next);
        } else {
            startTimer(next, pause);
        }
    }

    private void finished(Member member) {
        hope.finished();
        if (reload.replaces(member)) {
            adoptNewcomer();
        } else {
            closeSlot(member.slot);
        }
        tell(new Notice.WorkerFinished(member.who()));
    }

    private void adoptNewcomer() {
        Member newcomer = reload.newcomer();
        newcomer.slot.deaths = 0;
        turn(newcomer, new Turn.Adopt());
        reloadNext();
    }

    private void closeSlot(Slot slot) {
        roster.close(slot);
        actions.add(new Action.CloseSlot(slot.number));
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
            tell(new Notice.OneMore(roster.current().size() + 1));
            startNow(roster.add(roster.open()));
        }
    }

    private void oneFewer() {
        List<Member> current = roster.current();
        if (ending || current.size() <= 1) {
            return;
        }
        tell(new Notice.OneFewer(current.size() - 1));
        // Not the one that the newcomer of a reload is compared with.
        Member newest = current.getLast();
        Member leaving = reload.replaces(newest) ? current.get(current.size() - 2) : newest;
        closeSlot(leaving.slot);
        turn(leaving, new Turn.Leave());
    }

    private void stop(int code) {
        if (ending) {
            roster.all().forEach(member -> turn(member, new Turn.Kill()));
            return;
        }
        stopped = true;
        tell(new Notice.Stopping(roster.living().size()));
        end(code);
    }

    private void end(int code) {
        ending = true;
        exitCode = code;
        reload.abandon();
        tell(new Notice.NoMoreStarting());
        roster.openSlots().forEach(this::closeSlot);
        roster.all().forEach(member -> turn(member, new Turn.Leave()));
    }

    // Reloading.

    private void reload() {
        if (ending) {
            return;
        }
        if (reload.goesOn()) {
            reload.again();
            return;
        }
        tell(new Notice.Reloading(roster.current().size()));
        reload.begin();
        // A slot that is empty needs nothing but a worker.
        roster.waiting().forEach(this::startNow);
        reloadNext();
    }

    private void reloadNext() {
        reload.next(roster.current())
                .ifPresentOrElse(
                        old -> {
                            Member newcomer = roster.add(old.slot);
                            reload.tries(newcomer);
                            turn(newcomer, new Turn.Try());
                        },
                        this::reloaded);
    }

    private void reloaded() {
        List<Who> running =
                roster.current().stream().map(Member::who).filter(Who::wasStarted).toList();
        tell(new Notice.Reloaded(running));
        announcements.told();
        reload.succeeded();
        reloadIsOver();
    }

    private void reloadFailed(Member newcomer) {
        Notice.Failure why =
                newcomer.end
                        .<Notice.Failure>map(end -> new Notice.Failure.Died(newcomer.who(), end))
                        .orElseGet(
                                () ->
                                        new Notice.Failure.DoesNotListen(
                                                newcomer.who(),
                                                List.copyOf(reload.old().addresses),
                                                limits.listen()));
        tell(new Notice.ReloadFailed(why));
        reload.failed(why);
        reloadIsOver();
    }

    private void reloadIsOver() {
        if (reload.takeAgain()) {
            reload();
        }
    }
}
