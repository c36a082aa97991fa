package dev.prefork.supervise;

import java.util.List;
import java.util.Optional;

/**
 * Replaces whoever is not of the newest generation, the new worker first and in as many slots at
 * once as there may be newcomers. It is a transaction (SPEC F13): until all are replaced, whoever
 * takes a dead one's place is of the generation before; and when one of the new ones fails, those
 * that have taken a place already are replaced by that generation again.
 *
 * <p>It remembers no list: who is still to be replaced is seen from the workers that there are.
 *
 * <pre>
 *   OVER ──▶ FORWARD ── all are replaced ──▶ OVER
 *               └── one fails ──▶ BACK ── all are replaced, or one fails ──▶ OVER
 * </pre>
 */
final class Reload {
    private enum State {
        OVER,
        FORWARD,
        BACK
    }

    private final Crew crew;
    private final Roster roster;
    private final Limits limits;
    private final int surge;
    private final Runnable succeeded;
    private final Trials trials = new Trials();
    private State state = State.OVER;
    private int newest = 1;

    /** What takes the place of a dead worker. */
    private int trusted = 1;

    private boolean again;
    private Optional<Notice.Failure> failure = Optional.empty();
    private boolean wasAbandoned;

    /**
     * Nothing goes on yet.
     *
     * @param surge so many newcomers at once
     * @param succeeded is told after each that does
     */
    Reload(Crew crew, Limits limits, int surge, Runnable succeeded) {
        this.crew = crew;
        this.roster = crew.roster;
        this.limits = limits;
        this.surge = surge;
        this.succeeded = succeeded;
    }

    boolean goesOn() {
        return state != State.OVER;
    }

    int newest() {
        return newest;
    }

    int trusted() {
        return trusted;
    }

    /** One that goes on is followed by another, however often it is asked for meanwhile. */
    void asked() {
        if (goesOn()) {
            again = true;
            return;
        }
        crew.tell(new Notice.Reloading(roster.current().size()));
        state = State.FORWARD;
        newest++;
        failure = Optional.empty();
        next();
    }

    /** All are to go: nobody needs to be replaced any more. */
    void abandon() {
        wasAbandoned = goesOn();
        again = false;
        var _ = trials.endAll();
        state = State.OVER;
    }

    // What happens to workers.

    /** By what those that they are to replace serve at this moment, which may be nothing. */
    void judgeNewcomers() {
        trials.each(
                (newcomer, old) ->
                        crew.turn(
                                newcomer,
                                newcomer.canReplace(old) ? new Turn.Ready() : new Turn.Unready()));
        if (trials.isEmpty()) {
            next();
        }
    }

    void succeeds(Member newcomer) {
        newcomer.slot.isServed(newcomer);
        crew.turn(trials.end(newcomer), new Turn.Leave());
        next();
    }

    void fails(Member newcomer) {
        fail(whyNot(newcomer));
    }

    /**
     * One of the current ones has died.
     *
     * @return who takes its place: another one, or its newcomer, if that is as good
     */
    Optional<Member> successorOf(Member dead) {
        Optional<Member> newcomer = trials.newcomerFor(dead);
        if (state == State.BACK && newcomer.isPresent()) {
            adopt(newcomer.get());
            return Optional.empty();
        }
        Member successor = roster.add(dead.slot, trusted);
        trials.isNow(dead, successor);
        return Optional.of(successor);
    }

    /** After it has been replaced. */
    void died(Member member) {
        if (state == State.FORWARD && member.generation == newest) {
            fail(new Notice.Failure.Died(member.who(), member.end.orElseThrow()));
        } else {
            next();
        }
    }

    /** Whether it is awaited and need not be started: its newcomer has been. */
    boolean isTakenCareOf(Member member) {
        return isEmpty(member) && trials.isReplaced(member);
    }

    /** Returns whether there is somebody in its place, who is to do its work. */
    boolean finished(Member old) {
        Optional<Member> newcomer = trials.newcomerFor(old);
        newcomer.ifPresent(this::adopt);
        next();
        return newcomer.isPresent();
    }

    private void adopt(Member newcomer) {
        trials.end(newcomer);
        newcomer.slot.isServed(newcomer);
        crew.turn(newcomer, new Turn.Adopt());
        if (!newcomer.hasChannel) {
            crew.turn(newcomer, new WorkerEvent.Disconnected());
        }
    }

    /** Who can go if there is to be one fewer. */
    Member spare() {
        return roster.spare(trials::isReplaced);
    }

    /** It goes, and nobody is to take its place. */
    void isSpared(Member member) {
        trials.newcomerFor(member)
                .ifPresent(
                        newcomer -> {
                            trials.end(newcomer);
                            crew.turn(newcomer, new Turn.Leave());
                        });
        next();
    }

    // How it goes on.

    private void next() {
        switch (state) {
            case FORWARD -> next(newest, this::areReplaced);
            case BACK -> next(trusted, this::isBack);
            case OVER -> {
                // Nobody is to be replaced.
            }
        }
    }

    private void next(int generation, Runnable done) {
        List<Member> left =
                outdated(generation).stream().filter(old -> !trials.isReplaced(old)).toList();
        // An empty slot has room for a newcomer.
        left.stream().filter(Reload::isEmpty).forEach(old -> begin(old, generation));
        left.stream()
                .filter(old -> !isEmpty(old))
                .limit(surge - trials.countOf(old -> !isEmpty(old)))
                .forEach(old -> begin(old, generation));
        if (trials.isEmpty()) {
            done.run();
        }
    }

    private static boolean isEmpty(Member old) {
        return old.state == WorkerState.WAITING;
    }

    private void begin(Member old, int generation) {
        Member newcomer = roster.add(old.slot, generation);
        trials.begin(newcomer, old);
        crew.turn(newcomer, new Turn.Try());
    }

    private List<Member> outdated(int generation) {
        return roster.current().stream().filter(member -> member.generation != generation).toList();
    }

    /** Who was adopted may not have begun yet, and who lost its channel is about to die. */
    private void areReplaced() {
        if (roster.areAllReady()) {
            succeed();
        }
    }

    private void succeed() {
        crew.tell(new Notice.Reloaded(roster.running()));
        succeeded.run();
        trusted = newest;
        over();
    }

    private void fail(Notice.Failure why) {
        List<Member> awaited = trials.olds().stream().filter(Reload::isEmpty).toList();
        trials.endAll().forEach(newcomer -> crew.turn(newcomer, new Turn.Leave()));
        // Their time may have come meanwhile.
        awaited.forEach(crew::start);
        if (state == State.BACK) {
            crew.tell(new Notice.NotRolledBack(why));
            over();
            return;
        }
        failure = Optional.of(why);
        int newOnes = outdated(trusted).size();
        crew.tell(new Notice.ReloadFailed(why, newOnes));
        if (newOnes == 0) {
            over();
        } else {
            state = State.BACK;
            next();
        }
    }

    private void isBack() {
        crew.tell(new Notice.RolledBack(roster.running()));
        succeeded.run();
        over();
    }

    private void over() {
        state = State.OVER;
        crew.want(new Action.KeepOnly(trusted));
        if (again) {
            again = false;
            asked();
        }
    }

    private Notice.Failure whyNot(Member failed) {
        return failed.end
                .<Notice.Failure>map(end -> new Notice.Failure.Died(failed.who(), end))
                .orElseGet(
                        () ->
                                new Notice.Failure.DoesNotListen(
                                        failed.who(),
                                        failed.lacks(trials.oldOf(failed)),
                                        limits.listen()));
    }

    Status.Reload status() {
        return switch (state) {
            case FORWARD -> new Status.Reload.InProgress(outdated(newest).size());
            case BACK ->
                    new Status.Reload.RollingBack(failure.orElseThrow(), outdated(trusted).size());
            case OVER -> wasAbandoned ? new Status.Reload.Abandoned() : last();
        };
    }

    private Status.Reload last() {
        return failure.<Status.Reload>map(Status.Reload.Failed::new)
                .orElseGet(
                        () ->
                                newest == 1
                                        ? new Status.Reload.Never()
                                        : new Status.Reload.Succeeded());
    }
}
