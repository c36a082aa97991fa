package dev.prefork.cli;

import dev.prefork.posix.ControllingTerminal;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Tells the SIGHUP of a terminal that is closed, which ends a program in the foreground, from that
 * of a user, who wants a reload. Without a terminal, as under setsid and systemd, it is always the
 * user's. One that was spared the former, as by disown, gets the latter long after.
 */
final class HangUp {
    /** The system sends the signal at once; a shell passes it on when it comes to it. */
    static final Duration SIGNAL_TAKES = Duration.ofSeconds(5);

    private final boolean hadTerminal = Job.ofThisProcess().hasTerminal();

    /** When the terminal went; of System.nanoTime. */
    private volatile OptionalLong gone = OptionalLong.empty();

    /** Begins to watch the terminal, if there is one. */
    static HangUp watch() {
        HangUp hangUp = new HangUp();
        if (hangUp.hadTerminal) {
            Thread.ofPlatform().name("prefork-terminal").daemon().start(hangUp::awaitIt);
        }
        return hangUp;
    }

    private void awaitIt() {
        ControllingTerminal.awaitHangUp();
        gone = OptionalLong.of(System.nanoTime());
    }

    /** Whether the SIGHUP that has come just now is the terminal's. */
    boolean hasCome() {
        OptionalLong when = gone;
        return hadTerminal
                && !Job.ofThisProcess().hasTerminal()
                && isRecent(when, System.nanoTime());
    }

    /** That the terminal has gone may be seen here first. */
    static boolean isRecent(OptionalLong gone, long now) {
        return gone.isEmpty() || now - gone.getAsLong() < SIGNAL_TAKES.toNanos();
    }
}
