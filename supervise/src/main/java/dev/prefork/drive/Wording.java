package dev.prefork.drive;

import dev.prefork.supervise.End;
import dev.prefork.supervise.Who;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Parts of sentences. */
public final class Wording {
    private static final int MANY = 10;

    private Wording() {}

    /** The first of them, and how many more there are. */
    public static String list(List<String> addresses) {
        return addresses.size() <= MANY
                ? String.join(", ", addresses)
                : "%s and %d more"
                        .formatted(
                                String.join(", ", addresses.subList(0, MANY - 1)),
                                addresses.size() - MANY + 1);
    }

    /** Such as {@code 1 worker}, {@code 2 workers}. */
    public static String workers(int count) {
        return count == 1 ? "1 worker" : count + " workers";
    }

    /** Such as {@code 2 workers, pids 4711 4712}. */
    public static String workersAndPids(Collection<Who> workers) {
        String pids =
                workers.stream()
                        .map(who -> String.valueOf(who.pid()))
                        .collect(Collectors.joining(" "));
        return workers(workers.size()) + (workers.size() == 1 ? ", pid " : ", pids ") + pids;
    }

    /** Such as {@code worker 1 (pid 4711)}. */
    public static String worker(Who who) {
        return who.wasStarted() ? "worker " + who.id() + " (pid " + who.pid() + ")" : "a worker";
    }

    /** Such as {@code exit code 1}, {@code SIGKILL}. */
    public static String end(End end) {
        return switch (end) {
            case End.Code(int code) -> "exit code " + code;
            case End.Signal(String name) -> name;
            case End.Unknown() -> "nobody knows how";
            case End.NotStarted(String reason) -> reason;
        };
    }

    /** Such as {@code 0.1 s}, {@code 30 s}. */
    public static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }
}
