package dev.prefork.primary;

import dev.prefork.AcceptShortage;
import dev.prefork.ClusterSettings;
import dev.prefork.Exit;
import dev.prefork.ListeningAddress;
import dev.prefork.Message;
import dev.prefork.Worker;
import dev.prefork.events.Answerer;
import dev.prefork.events.EventThread;
import dev.prefork.events.Listeners;
import dev.prefork.log.LazyLogger;

/** The events of the cluster as a whole, and the thread that all listeners run on. */
public final class ClusterEvents {
    /** The argument of 'listening'. */
    public record WorkerListening(Worker worker, ListeningAddress address) {}

    /** The argument of 'message'. */
    public record WorkerMessage(Worker worker, Message message) {}

    /** The argument of 'exit'. */
    public record WorkerExit(Worker worker, Exit exit) {}

    private static final LazyLogger LOG = new LazyLogger(ClusterEvents.class);

    private final EventThread thread = new EventThread();
    private final Listeners<Worker> fork = new Listeners<>();
    private final Listeners<Worker> online = new Listeners<>();
    private final Listeners<WorkerListening> listening = new Listeners<>();
    private final Listeners<WorkerMessage> messages = new Listeners<>();
    private final Answerer<WorkerMessage> questions = new Answerer<>();
    private final Listeners<Worker> disconnect = new Listeners<>();
    private final Listeners<WorkerExit> exit = new Listeners<>();
    private final Listeners<ClusterSettings> setup = new Listeners<>();
    private final Listeners<AcceptShortage> shortage = new Listeners<>();

    /** That which all listeners run on. */
    public EventThread thread() {
        return thread;
    }

    public Listeners<Worker> fork() {
        return fork;
    }

    public Listeners<Worker> online() {
        return online;
    }

    public Listeners<WorkerListening> listening() {
        return listening;
    }

    public Listeners<WorkerMessage> messages() {
        return messages;
    }

    public Answerer<WorkerMessage> questions() {
        return questions;
    }

    public Listeners<Worker> disconnect() {
        return disconnect;
    }

    public Listeners<WorkerExit> exit() {
        return exit;
    }

    public Listeners<ClusterSettings> setup() {
        return setup;
    }

    public Listeners<AcceptShortage> shortage() {
        return shortage;
    }

    /** Whoever does not listen finds it in the log. */
    void shortage(AcceptShortage met) {
        if (shortage.isEmpty()) {
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "accepting pauses errno={0} in={1}",
                            met.code(),
                            met.where());
        } else {
            thread.execute(() -> shortage.emit(met));
        }
    }
}
