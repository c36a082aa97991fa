package dev.prefork.cli;

import dev.prefork.posix.ThreadDumps;
import dev.prefork.supervise.Event;

import java.util.function.Consumer;

/** What the signals to this process ask for. */
final class Requests {
    private final Consumer<Event.Request> asked;
    private final Echoes echoes = new Echoes(System::nanoTime);
    private final HangUp hangUp = HangUp.watch();

    private final boolean inputIsShared;

    /**
     * Of a prefork that is about to run.
     *
     * @param inputIsShared whether a worker of our process group reads from the terminal
     * @param asked is told what is asked for, on any thread
     */
    Requests(boolean inputIsShared, Consumer<Event.Request> asked) {
        this.inputIsShared = inputIsShared;
        this.asked = asked;
    }

    /** Until there is one: signals would end or stop a process that has hardly begun. */
    static void keep() {
        Signals.keep("HUP");
        if (!Job.ofThisProcess().isInBackground()) {
            // In the background they may be the system's, and stop it as any process.
            Signals.keep("TTIN");
            Signals.keep("TTOU");
        }
    }

    /**
     * Listens to all of them.
     *
     * @return whether there will be any SIGHUP
     */
    boolean listen() {
        Signals.handle("TERM", () -> end(Event.Request.STOP));
        Signals.handle("INT", () -> end(Event.Request.INTERRUPT));
        Signals.handle("TSTP", () -> asked.accept(Event.Request.SUSPEND));
        Signals.handle("CONT", () -> asked.accept(Event.Request.RESUME));
        Signals.handle("TTIN", () -> orStop(Event.Request.ONE_MORE));
        Signals.handle("TTOU", () -> orStop(Event.Request.ONE_FEWER));
        return Signals.handle("HUP", this::hangUpOrReload);
    }

    /** SIGQUIT, when the JVM has printed its own threads. */
    void listenToThreadDumps() {
        var _ = ThreadDumps.listen(() -> asked.accept(Event.Request.THREAD_DUMP));
    }

    private void hangUpOrReload() {
        if (hangUp.hasCome()) {
            end(Event.Request.HANG_UP);
        } else {
            asked.accept(Event.Request.RELOAD);
        }
    }

    /** The system's, if the worker has read or set the terminal in the background: all stop. */
    private void orStop(Event.Request request) {
        if (inputIsShared && Job.ofThisProcess().isInBackground()) {
            asked.accept(Event.Request.SUSPEND);
        } else {
            asked.accept(request);
        }
    }

    private void end(Event.Request request) {
        if (!echoes.isEcho()) {
            asked.accept(request);
        }
    }
}
