package dev.prefork.supervise;

import java.time.Duration;
import java.util.List;

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
        this.crew = new Crew(limits, new Deciding());
        this.roster = crew.roster;
        this.announcements = new Announcements(roster);
    }

    /** The first event: so many workers are wanted. */
    public List<Action> start(int workers) {
        for (int i = 0; i < workers; i++) {
            oneMoreWorker();
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
                judgeNewcomer();
            }
            case WorkerEvent.NotForked(String reason) ->
                    ended(member, new End.NotStarted(reason), new Turn.Died());
            case WorkerEvent.Online() -> {
                member.isOnline = true;
                // Now its time to show that it goes on begins.
                crew.turn(member, new Turn.Unready());
                judgeNewcomer();
            }
            case WorkerEvent.Listening(String address) -> listening(member, address);
            case WorkerEvent.Closed(String address) -> {
                member.addresses.remove(address);
                judgeNewcomer();
            }
            case WorkerEvent.Disconnected disconnected -> crew.turn(member, disconnected);
            case WorkerEvent.Overdue overdue -> crew.turn(member, overdue);
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
        boolean isFirst = !member.hasListened;
        member.listens(address);
        hope.served();
        if (!member.isNewcomer()) {
            member.slot.hasListened |= member.state.isCurrent();
            crew.turn(member, new Turn.Ready());
        } else if (isFirst) {
            // What it has to show is another thing now, for another time.
            crew.turn(member, new Turn.Unready());
        }
        judgeNewcomer();
    }

    /** By what the one that it is to replace serves at this moment, which may be nothing. */
    private void judgeNewcomer() {
        if (reload.goesOn()) {
            crew.turn(reload.newcomer(), reload.verdict());
        }
    }

    private void ended(Member member, End end, Turn turn) {
        member.ended(end);
        crew.turn(member, turn);
    }

    // What the turn of one worker means for the others.

    private final class Deciding implements Crew.Decisions {
        @Override
        public void replace(Member dead) {
            End end = dead.end.orElseThrow();
            if (!hope.died()) {
                crew.tell(new Notice.GaveUp(Hope.GIVE_UP_AFTER, dead.who(), end, dead.lastLines));
                end(1);
                return;
            }
            dead.slot.died(dead.hasServed);
            Member next = roster.add(dead.slot, reload.trusted());
            Duration pause = Limits.pauseAfter(dead.slot.deaths);
            crew.tell(new Notice.WorkerDied(dead.who(), end, pause));
            if (reload.replaces(dead)) {
                reload.isNow(next);
            }
            crew.startAfter(pause, next);
            if (reload.stakes(dead)) {
                crew.turn(reload.newcomer(), new Turn.Leave());
                reloadFailed(new Notice.Failure.Died(dead.who(), end));
            }
        }

        @Override
        public void finish(Member member) {
            hope.finished();
            if (reload.replaces(member)) {
                crew.turn(reload.newcomer(), new Turn.Adopt());
                reloadNext();
            } else {
                crew.close(member.slot);
            }
            crew.tell(new Notice.WorkerFinished(member.who()));
        }

        @Override
        public void believe(Member member) {
            // Where somebody has listened, one that does not has not even started, however long it
            // runs.
            if (member.hasListened || !member.slot.hasListened) {
                member.hasServed = true;
                member.slot.deaths = 0;
                hope.served();
            }
        }

        @Override
        public void succeed(Member newcomer) {
            newcomer.slot.hasListened |= newcomer.hasListened;
            // However long they may drain, they do not pile up.
            roster.in(newcomer.slot).forEach(leaving -> crew.turn(leaving, new Turn.Hurry()));
            crew.turn(reload.old(), new Turn.Leave());
            reloadNext();
        }

        @Override
        public void fail(Member newcomer) {
            reloadFailed(reload.whyNot(newcomer, limits.listen()));
        }
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
            oneMoreWorker();
        }
    }

    private void oneMoreWorker() {
        crew.start(roster.add(roster.open(), reload.trusted()));
    }

    private void oneFewer() {
        List<Member> current = roster.current();
        if (ending || current.size() <= 1) {
            return;
        }
        crew.tell(new Notice.OneFewer(current.size() - 1));
        Member leaving = reload.spare(current);
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
        crew.want(new Action.TakeNoMore());
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
            List<Member> waiting = roster.waiting();
            reload.renew(waiting);
            waiting.forEach(crew::start);
            reloadNext();
        }
    }

    private void reloadNext() {
        reload.next(roster.current())
                .ifPresentOrElse(
                        old -> {
                            Member newcomer = roster.add(old.slot, reload.generation());
                            reload.tries(newcomer);
                            crew.turn(newcomer, new Turn.Try());
                        },
                        this::reloaded);
    }

    private void reloaded() {
        crew.tell(new Notice.Reloaded(roster.running()));
        announcements.told();
        reload.renew(roster.waiting());
        reload.succeeded();
        reloadIsOver();
    }

    private void reloadFailed(Notice.Failure why) {
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
