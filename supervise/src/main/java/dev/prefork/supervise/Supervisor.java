package dev.prefork.supervise;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides what becomes of all workers: an event in, actions out. What becomes of one of them is in
 * the table of {@link WorkerState}, which {@link Crew} applies. For one thread.
 */
public final class Supervisor {
    private final Limits limits;
    private final Hope hope = new Hope();
    private final Reload reload = new Reload();
    private final Crew crew;
    private final Roster roster;
    private final Announcements announcements;
    private boolean ending;
    private boolean stopped;
    private int exitCode;

    public Supervisor(Limits limits) {
        this.limits = limits;
        this.crew = new Crew(limits, reload::generation, new Deciding());
        this.roster = crew.roster;
        this.announcements = new Announcements(roster);
    }

    /** The first event: so many workers are wanted. */
    public List<Action> start(int workers) {
        for (int i = 0; i < workers; i++) {
            crew.start(roster.add(roster.open()));
        }
        return takeActions();
    }

    public List<Action> on(Event event) {
        switch (event) {
            case Event.OfWorker(int worker, WorkerEvent what) ->
                    roster.find(worker).ifPresent(member -> happened(member, what));
            case Event.Settled() -> {
                if (isServing()) {
                    announcements.settled().ifPresent(crew::tell);
                }
            }
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
                crew.tell(new Notice.Stopped());
            }
            crew.want(new Action.End(exitCode));
        } else if (isServing()) {
            announcements.changes().forEach(crew::want);
        }
        return crew.takeActions();
    }

    private boolean isServing() {
        return !ending && !reload.goesOn();
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
            case WorkerEvent.Disconnected disconnected -> crew.turn(member, disconnected);
            case WorkerEvent.Exited(End end, List<String> lastLines) -> {
                member.lastLines = lastLines;
                boolean finished = end.isSuccess() && !member.hasListened;
                ended(member, end, finished ? new Turn.Finished() : new Turn.Died());
            }
            case WorkerEvent.TimedOut timedOut -> {
                if (member.state == timedOut.state()) {
                    crew.turn(member, timedOut);
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
            crew.turn(member, new Turn.Ready());
        }
    }

    /** By what the one that it is to replace serves at this moment, which may be nothing. */
    private void judgeNewcomer() {
        if (reload.goesOn() && reload.newcomer().canReplace(reload.old())) {
            crew.turn(reload.newcomer(), new Turn.Ready());
        }
    }

    private void ended(Member member, End end, Turn turn) {
        member.end = Optional.of(end);
        member.slot.ended(member, end);
        crew.turn(member, turn);
    }

    // What the turn of one worker means for the others.

    private final class Deciding implements Crew.Decisions {
        @Override
        public void replace(Member dead) {
            End end = dead.end.orElseThrow();
            if (reload.replaces(dead)) {
                crew.tell(new Notice.ReplacedWorkerDied(dead.who(), end));
                adoptNewcomer();
                return;
            }
            if (!hope.died()) {
                crew.tell(new Notice.GaveUp(Hope.GIVE_UP_AFTER, dead.who(), end, dead.lastLines));
                end(1);
                return;
            }
            dead.slot.died(dead.hasListened);
            Member next = roster.add(dead.slot);
            Duration pause = Limits.pauseAfter(dead.slot.deaths);
            crew.tell(new Notice.WorkerDied(dead.who(), end, pause));
            crew.startAfter(pause, next);
        }

        @Override
        public void finish(Member member) {
            hope.finished();
            if (reload.replaces(member)) {
                adoptNewcomer();
            } else {
                crew.close(member.slot);
            }
            crew.tell(new Notice.WorkerFinished(member.who()));
        }

        @Override
        public void succeed(Member newcomer) {
            newcomer.slot.deaths = 0;
            crew.turn(reload.old(), new Turn.Leave());
            reloadNext();
        }

        @Override
        public void fail(Member newcomer) {
            reloadFailed(newcomer);
        }
    }

    private void adoptNewcomer() {
        Member newcomer = reload.newcomer();
        newcomer.slot.deaths = 0;
        crew.turn(newcomer, new Turn.Adopt());
        reloadNext();
    }

    // What users ask for.

    private void asked(Event.Request request) {
        switch (request) {
            case STOP -> stop(0);
            case INTERRUPT -> stop(130);
            case HANG_UP -> stop(129);
            case THREAD_DUMP, SUSPEND, RESUME -> crew.pass(request);
            case RELOAD -> reload();
            case ONE_MORE -> oneMore();
            case ONE_FEWER -> oneFewer();
        }
    }

    private void oneMore() {
        if (!ending) {
            crew.tell(new Notice.OneMore(roster.current().size() + 1));
            crew.start(roster.add(roster.open()));
        }
    }

    private void oneFewer() {
        List<Member> current = roster.current();
        if (ending || current.size() <= 1) {
            return;
        }
        crew.tell(new Notice.OneFewer(current.size() - 1));
        // Not the one that the newcomer of a reload is compared with.
        Member newest = current.getLast();
        Member leaving = reload.replaces(newest) ? current.get(current.size() - 2) : newest;
        crew.close(leaving.slot);
        crew.turn(leaving, new Turn.Leave());
    }

    private void stop(int code) {
        if (ending) {
            roster.all().forEach(member -> crew.turn(member, new Turn.Kill()));
            return;
        }
        stopped = true;
        crew.tell(new Notice.Stopping(roster.living().size()));
        end(code);
    }

    private void end(int code) {
        ending = true;
        exitCode = code;
        reload.abandon();
        crew.tell(new Notice.NoMoreStarting());
        roster.openSlots().forEach(crew::close);
        roster.all().forEach(member -> crew.turn(member, new Turn.Leave()));
    }

    // Reloading.

    private void reload() {
        if (reload.goesOn()) {
            reload.again();
        } else if (!ending) {
            crew.tell(new Notice.Reloading(roster.current().size()));
            reload.begin();
            // A slot that is empty needs nothing but a worker.
            roster.waiting().forEach(crew::start);
            reloadNext();
        }
    }

    private void reloadNext() {
        reload.next(roster.current())
                .ifPresentOrElse(
                        old -> {
                            Member newcomer = roster.add(old.slot);
                            reload.tries(newcomer);
                            crew.turn(newcomer, new Turn.Try());
                        },
                        this::reloaded);
    }

    private void reloaded() {
        List<Who> running =
                roster.current().stream().map(Member::who).filter(Who::wasStarted).toList();
        crew.tell(new Notice.Reloaded(running));
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
        crew.tell(new Notice.ReloadFailed(why));
        reload.failed(why);
        reloadIsOver();
    }

    private void reloadIsOver() {
        if (reload.takeAgain()) {
            reload();
        }
    }
}
