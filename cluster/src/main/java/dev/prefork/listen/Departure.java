package dev.prefork.listen;

import java.util.List;

/** A filler's leave, which waits until some addresses are at rest; at most once. */
final class Departure {
    private final Runnable leave;
    private int awaited;
    private boolean over;

    private Departure(int awaited, Runnable leave) {
        this.awaited = awaited;
        this.leave = leave;
    }

    /**
     * Waits.
     *
     * @param leave is run when all are at rest, or at once if there are none
     */
    static Departure after(List<LastCall> calls, Runnable leave) {
        Departure departure = new Departure(calls.size() + 1, leave);
        calls.forEach(call -> call.then(departure::oneLess));
        departure.oneLess();
        return departure;
    }

    private void oneLess() {
        awaited--;
        if (awaited == 0 && !over) {
            over = true;
            leave.run();
        }
    }

    boolean isOver() {
        return over;
    }

    /** It does not come to it. */
    void forget() {
        over = true;
    }
}
