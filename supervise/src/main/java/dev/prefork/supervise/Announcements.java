package dev.prefork.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is told of all workers together: how far the start has got, and where they serve. */
final class Announcements {
    private static final Notice NOTHING = new Notice.NoMoreStarting();

    private final Roster roster;
    private Notice starting = NOTHING;
    private Optional<Notice> serving = Optional.empty();

    Announcements(Roster roster) {
        this.roster = roster;
    }

    /** What has changed by an event, while nothing but serving goes on. */
    List<Action> changes() {
        List<Action> changes = new ArrayList<>();
        Notice now = serving.isEmpty() ? startingNow() : NOTHING;
        if (!now.equals(starting)) {
            starting = now;
            changes.add(new Action.Tell(now));
        }
        if (news().isPresent()) {
            changes.add(new Action.StartSettling());
        }
        return changes;
    }

    private Notice startingNow() {
        return roster.areAllReady()
                ? NOTHING
                : new Notice.Starting(roster.ready().size(), roster.current().size());
    }

    /** That they serve, if they do and it has not been told. */
    Optional<Notice> settled() {
        Optional<Notice> news = news();
        news.ifPresent(notice -> serving = news);
        return news;
    }

    /** Something that says as much was told. */
    void told() {
        Optional<Notice> now = servingNow();
        if (now.isPresent()) {
            serving = now;
        }
    }

    private Optional<Notice> news() {
        return servingNow().filter(notice -> !serving.equals(Optional.of(notice)));
    }

    private Optional<Notice> servingNow() {
        return roster.areAllReady() && !roster.addresses().isEmpty()
                ? Optional.of(
                        new Notice.Serving(
                                List.copyOf(roster.addresses()),
                                roster.current().stream().map(Member::who).toList()))
                : Optional.empty();
    }
}
