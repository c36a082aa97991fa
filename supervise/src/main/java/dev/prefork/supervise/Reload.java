package dev.prefork.supervise;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Replacing whoever is not of the current generation, one slot at a time and the new worker first.
 * It remembers no list: who is still to be replaced is seen from the workers that there are. It is
 * a transaction (SPEC F13): until all are replaced, whoever takes a dead one's place is of the
 * generation before.
 */
final class Reload {
    private int generation = 1;
    private int trusted = 1;
    private boolean goesOn;
    private boolean again;
    private Optional<Member> old = Optional.empty();
    private Optional<Member> newcomer = Optional.empty();
    private Optional<Notice.Failure> failure = Optional.empty();
    private boolean wasAbandoned;

    /** The newest one. */
    int generation() {
        return generation;
    }

    /** What takes the place of a dead worker. */
    int trusted() {
        return trusted;
    }

    /** They are not started yet, and will be of the newest. */
    void renew(List<Member> waiting) {
        waiting.forEach(member -> member.generation = generation);
    }

    /** Who can go: not the one that the newcomer is compared with. */
    Member spare(List<Member> current) {
        Member newest = current.getLast();
        return replaces(newest) ? current.get(current.size() - 2) : newest;
    }

    /** Whether this one is a reason not to go on, when it dies. */
    boolean stakes(Member member) {
        return goesOn && member.generation == generation;
    }

    boolean goesOn() {
        return goesOn;
    }

    void begin() {
        generation++;
        goesOn = true;
        failure = Optional.empty();
    }

    /** There shall be another one after it. */
    void again() {
        again = true;
    }

    /** Whether there shall be another one; asked once. */
    boolean takeAgain() {
        boolean wanted = again;
        again = false;
        return wanted;
    }

    /** Who is to be replaced next, the oldest first. */
    Optional<Member> next(List<Member> current) {
        old = outdated(current).stream().findFirst();
        newcomer = Optional.empty();
        return old;
    }

    /** Not who is still awaited: that one will be of the current generation. */
    private List<Member> outdated(List<Member> current) {
        return current.stream()
                .filter(member -> member.state.isAlive() && member.generation != generation)
                .toList();
    }

    void tries(Member worker) {
        newcomer = Optional.of(worker);
    }

    /** Whether this one is being replaced at this moment. */
    boolean replaces(Member member) {
        return old.filter(member::equals).isPresent();
    }

    /** The one that is being replaced has died, and this one is in its place. */
    void isNow(Member successor) {
        old = Optional.of(successor);
    }

    Member old() {
        return old.orElseThrow();
    }

    Member newcomer() {
        return newcomer.orElseThrow();
    }

    /** What the newcomer is worth at this moment. */
    Turn verdict() {
        return newcomer().canReplace(old()) ? new Turn.Ready() : new Turn.Unready();
    }

    Notice.Failure whyNot(Member failed, Duration within) {
        return failed.end
                .<Notice.Failure>map(end -> new Notice.Failure.Died(failed.who(), end))
                .orElseGet(
                        () ->
                                new Notice.Failure.DoesNotListen(
                                        failed.who(), failed.lacks(old()), within));
    }

    void succeeded() {
        trusted = generation;
        over();
    }

    void failed(Notice.Failure why) {
        failure = Optional.of(why);
        over();
    }

    /** All are to go: nobody needs to be replaced any more. */
    void abandon() {
        wasAbandoned = goesOn;
        again = false;
        over();
    }

    private void over() {
        goesOn = false;
        old = Optional.empty();
        newcomer = Optional.empty();
    }

    Status.Reload status(List<Member> current) {
        if (goesOn) {
            return new Status.Reload.InProgress(outdated(current).size());
        }
        if (wasAbandoned) {
            return new Status.Reload.Abandoned();
        }
        return failure.<Status.Reload>map(Status.Reload.Failed::new)
                .orElseGet(
                        () ->
                                generation == 1
                                        ? new Status.Reload.Never()
                                        : new Status.Reload.Succeeded());
    }
}
