package dev.prefork.keep;

import dev.prefork.Subscription;
import dev.prefork.drive.Sentences;
import dev.prefork.events.EventThread;
import dev.prefork.events.Listeners;
import dev.prefork.log.LazyLogger;
import dev.prefork.supervise.Notice;

import java.util.List;
import java.util.function.Consumer;

/** What goes on in a pool, in sentences; whoever does not listen finds the bad ones in the log. */
final class News {
    private static final LazyLogger LOG = new LazyLogger(News.class);

    private final EventThread events;
    private final Listeners<String> listeners = new Listeners<>();

    News(EventThread events) {
        this.events = events;
    }

    Subscription add(Consumer<String> listener) {
        return listeners.add(listener);
    }

    /** Any thread. */
    void tell(Notice notice) {
        List<String> sentences = Sentences.of(notice);
        if (!listeners.isEmpty()) {
            events.execute(() -> sentences.forEach(listeners::emit));
        } else if (isBad(notice)) {
            LOG.get().log(System.Logger.Level.WARNING, String.join("\n", sentences));
        }
    }

    private static boolean isBad(Notice notice) {
        return switch (notice) {
            case Notice.WorkerDied _,
                    Notice.DieOften _,
                    Notice.StillServes _,
                    Notice.DoesNotEnd _,
                    Notice.GaveUp _,
                    Notice.ReloadFailed _,
                    Notice.NotRolledBack _ ->
                    true;
            case Notice.Progress _,
                    Notice.Serving _,
                    Notice.OneMore _,
                    Notice.OneFewer _,
                    Notice.Stopping _,
                    Notice.Stopped _,
                    Notice.WorkerFinished _,
                    Notice.NotListening _,
                    Notice.MakesWay _,
                    Notice.Reloading _,
                    Notice.Reloaded _,
                    Notice.RolledBack _ ->
                    false;
        };
    }
}
