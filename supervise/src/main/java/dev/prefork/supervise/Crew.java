package dev.prefork.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Turns the states of workers by the table of {@link WorkerState}, and collects what is wanted;
 * what concerns more than the one worker is left to {@link Decisions}.
 */
final class Crew {
    /** What a worker's turn may mean for the others. */
    interface Decisions {
        /** It is dead, and was not asked to go. */
        void replace(Member dead);

        /** Its work is done. */
        void finish(Member member);

        /** It has shown that it is not broken. */
        void believe(Member member);

        /** The newcomer of a reload is good. */
        void succeed(Member newcomer);

        /** The newcomer of a reload is no good. */
        void fail(Member newcomer);
    }

    final Roster roster = new Roster();
    private final Limits limits;
    private final Decisions decisions;
    private List<Action> actions = new ArrayList<>();
    private boolean toldThatOneDoesNotListen;

    Crew(Limits limits, Decisions decisions) {
        this.limits = limits;
        this.decisions = decisions;
    }

    // What is wanted.

    void want(Action action) {
        actions.add(action);
    }

    void tell(Notice notice) {
        want(new Action.Tell(notice));
    }

    /** What has been wanted since the last call. */
    List<Action> takeActions() {
        List<Action> taken = actions;
        actions = new ArrayList<>();
        return taken;
    }

    // Workers and slots.

    void start(Member waiting) {
        turn(waiting, new WorkerEvent.TimedOut(WorkerState.WAITING));
    }

    void startAfter(Duration pause, Member waiting) {
        if (pause.isZero()) {
            start(waiting);
        } else {
            startTimer(waiting, pause);
        }
    }

    void close(Slot slot) {
        roster.close(slot);
        want(new Action.CloseSlot(slot.number));
    }

    void turn(Member member, Turn turn) {
        WorkerState before = member.state;
        WorkerState.Step step = before.on(turn);
        member.state = step.next();
        if (member.state == WorkerState.GONE && before != WorkerState.GONE) {
            roster.remove(member);
            isGone(member);
        }
        if (member.state != before) {
            startTimer(member);
        }
        if (member.state == WorkerState.DRAINING && before != WorkerState.DRAINING) {
            hurryOthers(member);
        }
        if (member.state.isLeaving() && !before.isLeaving()) {
            want(new Action.StartDeadline(member.worker, limits.stop()));
        }
        step.deeds().forEach(deed -> bringAbout(deed, member));
    }

    /** However long they may drain, they do not pile up. */
    private void hurryOthers(Member draining) {
        if (draining.slot.isOpen) {
            roster.in(draining.slot).stream()
                    .filter(other -> other != draining)
                    .forEach(other -> turn(other, new Turn.Hurry()));
        }
    }

    // What is for all of them.

    void pass(Event.Request request) {
        switch (request) {
            // A JVM that has just begun would end by it.
            case THREAD_DUMP -> signal("SIGQUIT", member -> member.isOnline);
            case SUSPEND -> {
                signal("SIGSTOP", _ -> true);
                want(new Action.Suspend());
            }
            case RESUME -> signal("SIGCONT", _ -> true);
            case RELOAD, ONE_MORE, ONE_FEWER, STOP, INTERRUPT, HANG_UP ->
                    throw new IllegalArgumentException("request=" + request);
        }
    }

    private void signal(String name, Predicate<Member> condition) {
        roster.living().stream()
                .filter(condition)
                .forEach(member -> want(new Action.Signal(member.worker, name)));
    }

    /** Its time in this state begins now, if there is one. */
    void startTimer(Member member) {
        limits.of(member.state, member.hasListened).ifPresent(time -> startTimer(member, time));
    }

    private void startTimer(Member member, Duration time) {
        want(new Action.StartTimer(member.worker, member.state, time));
    }

    private void bringAbout(Deed deed, Member member) {
        switch (deed) {
            case FORK ->
                    want(new Action.Fork(member.worker, member.slot.number, member.generation));
            case DISCONNECT -> want(new Action.Disconnect(member.worker));
            case TERMINATE -> want(new Action.Signal(member.worker, "SIGTERM"));
            case KILL -> want(new Action.Signal(member.worker, "SIGKILL"));
            case REPLACE -> decisions.replace(member);
            case FINISH -> decisions.finish(member);
            case BELIEVE -> decisions.believe(member);
            case SUCCEED -> decisions.succeed(member);
            case FAIL -> decisions.fail(member);
            case SETTLE -> isSteady(member);
            case SAY_THAT_IT_DOES_NOT_LISTEN -> doesNotListen(member);
            case SAY_THAT_IT_STILL_SERVES ->
                    tell(new Notice.StillServes(member.who(), limits.drain()));
            case SAY_THAT_IT_MAKES_WAY -> tell(new Notice.MakesWay(member.who()));
            case SAY_THAT_IT_DOES_NOT_END ->
                    tell(new Notice.DoesNotEnd(member.who(), limits.stop()));
        }
    }

    private void isSteady(Member member) {
        if (member.slot.isOpen) {
            member.hasSettled = true;
            member.slot.kept.retainAll(member.addresses);
            want(new Action.SettleSlot(member.slot.number));
        }
    }

    /** What it had opened beside one that has settled waits for nobody. */
    private void isGone(Member member) {
        if (member.hasListened && member.slot.isOpen) {
            roster.in(member.slot).stream()
                    .filter(other -> other.hasSettled && other.state == WorkerState.READY)
                    .findFirst()
                    .ifPresent(_ -> want(new Action.SettleSlot(member.slot.number)));
        }
    }

    private void doesNotListen(Member member) {
        if (!toldThatOneDoesNotListen) {
            toldThatOneDoesNotListen = true;
            tell(new Notice.NotListening(member.who(), limits.silence()));
        }
    }
}
