package dev.prefork.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is said of all workers together: how far the start has got, and where they serve. */
final class Announcements {
    private final Roster roster;
    private String progress = "";
    private String serving = "";

    Announcements(Roster roster) {
        this.roster = roster;
    }

    /** What has changed by an event, while nothing but serving goes on. */
    List<Action> changes() {
        List<Action> changes = new ArrayList<>();
        String now = serving.isEmpty() ? progressNow() : "";
        if (!now.equals(progress)) {
            progress = now;
            changes.add(new Action.Progress(now));
        }
        if (news().isPresent()) {
            changes.add(new Action.StartSettling());
        }
        return changes;
    }

    private String progressNow() {
        List<Member> current = roster.current();
        List<Member> ready = roster.ready();
        return current.equals(ready)
                ? ""
                : "%d of %s ready ...".formatted(ready.size(), Wording.workers(current.size()));
    }

    /** That they serve, if they do and it has not been said. */
    Optional<Action> settled() {
        Optional<String> news = news();
        news.ifPresent(text -> serving = text);
        return news.map(Action.Say::new);
    }

    /** Something that says as much was said. */
    void said() {
        sentence().ifPresent(text -> serving = text);
    }

    private Optional<String> news() {
        return sentence().filter(text -> !text.equals(serving));
    }

    private Optional<String> sentence() {
        List<Member> current = roster.current();
        return current.equals(roster.ready()) && !roster.addresses().isEmpty()
                ? Optional.of(
                        "serving "
                                + String.join(", ", roster.addresses())
                                + " with "
                                + Wording.workersAndPids(current))
                : Optional.empty();
    }
}
