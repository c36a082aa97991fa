package dev.prefork.listen;

import dev.prefork.loop.EventLoop;
import dev.prefork.loop.Timer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The end of an address that nobody will listen on any more (SPEC F5): it takes no new connections,
 * those that there are go to the fillers that it still has, and when none is left it is at rest;
 * only then its fillers are told to leave.
 *
 * <pre>
 *   OPEN ── begin ──▶ CLOSING ── no connection is left ──▶ AT_REST
 *     ▲── cancel ────────┴───────────────────────────────────┘
 * </pre>
 */
final class LastCall {
    private enum State {
        OPEN,
        CLOSING,
        AT_REST
    }

    /** A client that has been answered, and whose last word of the beginning is on its way. */
    static final Duration HANDSHAKES_MAY_TAKE = Duration.ofMillis(50);

    /** Workers that accept from the socket itself do not say so. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final EventLoop loop;
    private final Spread spread;
    private final List<Runnable> awaiting = new ArrayList<>();
    private State state = State.OPEN;
    private Optional<Timer> timer = Optional.empty();

    LastCall(EventLoop loop, Spread spread) {
        this.loop = loop;
        this.spread = spread;
    }

    boolean hasBegun() {
        return state != State.OPEN;
    }

    void begin() {
        if (state == State.OPEN) {
            state = State.CLOSING;
            spread.takeNoMore();
            lookAfter(HANDSHAKES_MAY_TAKE);
        }
    }

    private void lookAfter(Duration time) {
        timer = Optional.of(loop.schedule(time, this::look));
    }

    private void look() {
        if (spread.isAtRest()) {
            state = State.AT_REST;
            tell();
        } else {
            lookAfter(LOOK_EVERY);
        }
    }

    /** When it is at rest, or open again, or closed. */
    void then(Runnable task) {
        if (state == State.CLOSING) {
            awaiting.add(task);
        } else {
            task.run();
        }
    }

    /**
     * Somebody is about to listen here again.
     *
     * @return false when that cannot be: the address must be opened anew
     */
    boolean cancel() {
        if (state == State.OPEN) {
            return true;
        }
        if (!spread.takeAgain()) {
            return false;
        }
        state = State.OPEN;
        timer.ifPresent(Timer::cancel);
        // Not before that one does: who leaves would close the address behind him.
        loop.execute(this::tell);
        return true;
    }

    /** The address is closed, whatever was left. */
    void close() {
        state = State.AT_REST;
        timer.ifPresent(Timer::cancel);
        tell();
    }

    private void tell() {
        List<Runnable> tasks = List.copyOf(awaiting);
        awaiting.clear();
        tasks.forEach(Runnable::run);
    }
}
