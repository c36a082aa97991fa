package dev.prefork.drive;

import static dev.prefork.drive.Wording.end;
import static dev.prefork.drive.Wording.list;
import static dev.prefork.drive.Wording.seconds;
import static dev.prefork.drive.Wording.worker;
import static dev.prefork.drive.Wording.workers;
import static dev.prefork.drive.Wording.workersAndPids;

import dev.prefork.supervise.Notice;
import dev.prefork.supervise.Notice.Failure;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is said of a notice, for people. */
public final class Sentences {
    /** The JVM's words where an AOT cache must be used (-XX:AOTMode=on) and cannot be. */
    private static final String AGENTS_MODULE_IS_MISSING =
            "jdk.module.addmods: java.instrument specified during runtime";

    private Sentences() {}

    /** A text that stands until the next; empty for none. */
    public static String of(Notice.Progress progress) {
        return switch (progress) {
            case Notice.Starting(int ready, int of) ->
                    "%d of %s ready ...".formatted(ready, workers(of));
            case Notice.NoMoreStarting() -> "";
        };
    }

    /** Its lines; none for a progress. */
    public static List<String> of(Notice notice) {
        return switch (notice) {
            case Notice.Progress _ -> List.of();
            case Notice.GaveUp gaveUp -> lines(gaveUp);
            case Notice.Serving(var addresses, var all) ->
                    List.of("serving %s with %s".formatted(list(addresses), workersAndPids(all)));
            case Notice.OneMore(int count) -> List.of("one worker more: " + count);
            case Notice.OneFewer(int count) -> List.of("one worker fewer: " + count);
            case Notice.Stopping(int count) -> List.of("stopping " + workers(count));
            case Notice.Stopped() -> List.of("stopped");
            case Notice.WorkerDied(var who, var end, Duration pause) ->
                    List.of(
                            "%s died: %s; starting another%s"
                                    .formatted(worker(who), end(end), in(pause)));
            case Notice.WorkerFinished finished -> List.of(sentence(finished));
            case Notice.NotListening(var who, Duration since) ->
                    List.of(
                            "%s has run for %s and listens on no port that is shared: if it never"
                                            .formatted(worker(who), seconds(since))
                                    + " does, each worker is a program of its own"
                                    + " (port 0 is shared with --ports 0=shared)");
            case Notice.StillServes(var who, Duration since) ->
                    List.of(
                            "%s still has connections after %s: SIGTERM"
                                    .formatted(worker(who), seconds(since)));
            case Notice.MakesWay(var who) ->
                    List.of(
                            worker(who)
                                    + " still has connections while the next one leaves: SIGTERM");
            case Notice.DoesNotEnd(var who, Duration since) ->
                    List.of(
                            "%s does not end within %s: SIGKILL"
                                    .formatted(worker(who), seconds(since)));
            case Notice.Reloading(int count) -> List.of("reloading " + workers(count));
            case Notice.Reloaded(var all) -> List.of("reloaded " + workersAndPids(all));
            case Notice.ReloadFailed(Failure failure, int left) ->
                    List.of(
                            "reload failed: "
                                    + why(failure)
                                    + "; the old workers serve on"
                                    + (left == 0
                                            ? ""
                                            : ", and come back in the place of " + workers(left)));
            case Notice.RolledBack(var all) ->
                    List.of("as before the reload: " + workersAndPids(all));
            case Notice.NotRolledBack(Failure failure) ->
                    List.of(
                            "some workers stay those of the reload that failed, as "
                                    + why(failure));
            case Notice.DieOften(int deaths, Duration within, var often) ->
                    List.of(
                            "%d workers died while they served within %s, most of them: %s; each is replaced at once, but something kills them"
                                    .formatted(deaths, seconds(within), end(often)));
        };
    }

    private static String sentence(Notice.WorkerFinished finished) {
        String way = finished.end().isSuccess() ? "ended with " : "died: ";
        return "%s %s%s%s: it is not replaced"
                .formatted(
                        worker(finished.worker()),
                        way,
                        end(finished.end()),
                        finished.hadListened() ? "" : " before it listened on a port");
    }

    private static String in(Duration pause) {
        return pause.isZero() ? "" : " in " + seconds(inTenths(pause));
    }

    private static Duration inTenths(Duration time) {
        return Duration.ofMillis(Math.ceilDiv(time.toMillis(), 100) * 100);
    }

    private static List<String> lines(Notice.GaveUp gaveUp) {
        String reason =
                "giving up, as %d workers died before any listened on a port; the last, %s, with %s"
                        .formatted(gaveUp.deaths(), worker(gaveUp.worker()), end(gaveUp.end()));
        List<String> last = gaveUp.lastLines();
        return last.isEmpty()
                ? List.of(reason)
                : Stream.of(
                                Stream.of(reason + "; its last lines:"),
                                last.stream().map(line -> "  " + line),
                                advice(last).stream())
                        .flatMap(lines -> lines)
                        .toList();
    }

    /** To what the JVM says of an archive that was made without the agent's module. */
    private static Optional<String> advice(List<String> lastLines) {
        return lastLines.stream().anyMatch(line -> line.contains(AGENTS_MODULE_IS_MISSING))
                ? Optional.of(
                        "a worker has an agent: make that cache with java --add-modules"
                                + " java.instrument, or with prefork run -w 1"
                                + " -XX:AOTCacheOutput=FILE")
                : Optional.empty();
    }

    /** Why a reload failed. */
    public static String why(Failure failure) {
        return switch (failure) {
            case Failure.Died(var who, var end) -> worker(who) + " died: " + end(end);
            case Failure.DoesNotListen(var who, var addresses, Duration within)
                    when addresses.isEmpty() ->
                    "%s listens on nothing within %s".formatted(worker(who), seconds(within));
            case Failure.DoesNotListen(var who, var addresses, Duration within) ->
                    "%s does not listen on %s within %s"
                            .formatted(worker(who), list(addresses), seconds(within));
        };
    }
}
