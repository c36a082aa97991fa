package dev.prefork.supervise;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides what becomes of all workers: an event in, actions out. What becomes of one of them is in
 * the table of {@link WorkerState}, which {@link Crew} applies. For one thread.
 */
public final class Supervisor {
    private final Hope hope = new Hope();
    private final Accidents accidents = new Accidents();
    private final Reload reload;
    private final Crew crew;
    private final Roster roster;
    private final Restart restart;
    private final Announcements announcements;
    private boolean ending;
    private boolean stopped;
    private int exitCode;

    /**
     * Nobody is there yet.
     *
     * @param surge how many new workers a reload may start before as many old ones have gone
     * @param restart who is replaced of those that end by themselves
     */
    public Supervisor(Limits limits, int surge, Restart restart) {
        this.restart = restart;
        this.crew = new Crew(limits, new Deciding());
        this.roster = crew.roster;
        this.announcements = new Announcements(roster);
        this.reload = new Reload(crew, limits, surge, announcements::told);
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
            case Event.Counted() -> accidents.forget();
            case Event.Asked(Event.Request request) -> asked(request);
            case Event.Scaled(int workers) -> scale(workers);
        }
        return takeActions();
    }

    /** All that is known now. */
    public Status status() {
        List<Member> current = roster.current();
        return new Status(
                current.size(), reload.newest(), roster.status(), reload.status(), ending);
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
                reload.judgeNewcomers();
            }
            case WorkerEvent.NotForked(String reason) -> ended(member, new End.NotStarted(reason));
            case WorkerEvent.Online() -> {
                member.isOnline = true;
                // Now its time to show that it goes on begins.
                crew.turn(member, new Turn.Unready());
                reload.judgeNewcomers();
            }
            case WorkerEvent.Listening(String address) -> listening(member, address);
            case WorkerEvent.Closed(String address) -> closed(member, address);
            case WorkerEvent.Disconnected disconnected -> {
                member.hasChannel = false;
                crew.turn(member, disconnected);
                reload.judgeNewcomers();
            }
            case WorkerEvent.Overdue overdue -> crew.turn(member, overdue);
            case WorkerEvent.Exited(End end, List<String> lastLines) -> {
                member.lastLines = lastLines;
                ended(member, end);
            }
            case WorkerEvent.TimedOut timedOut -> {
                if (member.state == timedOut.state() && !reload.isTakenCareOf(member)) {
                    crew.turn(member, stillStarts(member) ? new Turn.StillStarts() : timedOut);
                    reload.judgeNewcomers();
                }
            }
        }
    }

    /**
     * Where somebody has listened, one that does not has not even started, however long it runs.
     */
    private static boolean stillStarts(Member member) {
        return member.state == WorkerState.STARTING && member.slot.hasListened;
    }

    private void listening(Member member, String address) {
        boolean isFirst = !member.hasListened;
        member.listens(address);
        hope.served();
        if (!member.isNewcomer()) {
            if (member.state.isCurrent()) {
                member.slot.isServed(member);
            }
            if (isFirst && member.state == WorkerState.READY) {
                crew.startTimer(member);
            }
            crew.turn(member, new Turn.Ready());
        } else if (isFirst) {
            // What it has to show is another thing now, for another time.
            crew.turn(member, new Turn.Unready());
        }
        reload.judgeNewcomers();
    }

    private void closed(Member member, String address) {
        member.addresses.remove(address);
        if (member.state.isCurrent()) {
            member.slot.kept.remove(address);
        }
        reload.judgeNewcomers();
    }

    private void ended(Member member, End end) {
        boolean isReplaced = restart.replaces(end, member.hasListened || member.slot.hasListened);
        member.ended(end);
        crew.turn(member, isReplaced ? new Turn.Died() : new Turn.Finished());
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
            Optional<Member> successor = reload.successorOf(dead);
            Duration pause =
                    successor
                            .map(next -> Limits.pauseAfter(dead.slot.deaths, next.worker))
                            .orElse(Duration.ZERO);
            crew.tell(new Notice.WorkerDied(dead.who(), end, pause));
            if (dead.hasServed) {
                diedWhileServing(end);
            }
            successor.ifPresent(next -> crew.startAfter(pause, next));
            reload.died(dead);
        }

        @Override
        public void finish(Member member) {
            hope.finished();
            if (!reload.finished(member)) {
                crew.close(member.slot);
            }
            End end = member.end.orElseThrow();
            if (!end.isSuccess()) {
                exitCode = 1;
            }
            crew.tell(new Notice.WorkerFinished(member.who(), end, member.hasListened));
        }

        @Override
        public void believe(Member member) {
            member.hasServed = true;
            member.slot.deaths = 0;
            hope.served();
        }

        @Override
        public void succeed(Member newcomer) {
            reload.succeeds(newcomer);
        }

        @Override
        public void fail(Member newcomer) {
            reload.fails(newcomer);
        }
    }

    private void diedWhileServing(End end) {
        if (accidents.isEmpty()) {
            crew.want(new Action.StartCounting(Accidents.WITHIN));
        }
        accidents.died(end).ifPresent(crew::tell);
    }

    // What users ask for.

    private void asked(Event.Request request) {
        switch (request) {
            case STOP -> stop(0);
            case INTERRUPT -> stop(130);
            case HANG_UP -> stop(129);
            case THREAD_DUMP, SUSPEND, RESUME -> crew.pass(request);
            case RELOAD -> {
                if (!ending) {
                    reload.asked();
                }
            }
            case ONE_MORE -> oneMore();
            case ONE_FEWER -> oneFewer();
        }
    }

    private void scale(int workers) {
        int more = workers - roster.current().size();
        for (int i = 0; i < more; i++) {
            oneMore();
        }
        for (int i = more; i < 0; i++) {
            oneFewer();
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
        Member leaving = reload.spare();
        crew.close(leaving.slot);
        crew.turn(leaving, new Turn.Leave());
        reload.isSpared(leaving);
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
}
