package dev.prefork.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * docs/performance.md with its plots: all that there is in bench/results, and nothing else.
 *
 * @param all the newest first
 */
record Page(List<Results> all) {
    private static final String HEAD =
            """
            # Performance

            Written by `bench/compare page` from [bench/results](../bench/results); what is changed here by hand is lost.

            Each figure is of a *pair*: the same work once on our side and once on the peer's, with real processes on one
            machine, one after the other; who is first changes from pair to pair. A table has one line for each run in which
            the row was measured, the newest first: the median of what is judged, with its smallest and largest, then the
            median figures of both sides. Judged is the ratio ours / peer, because others who use the machine lengthen both
            sides; where a table says so, our own figure. The load is made on the same machine: what that needs is
            missing to both sides, and limits the faster one more.
            [bench/README.md](../bench/README.md) tells how to measure again.
            """;

    /** The page and, in a folder of its name beside it, a plot for each group. */
    static void write(List<Results> all, Path file) throws IOException {
        Page page = new Page(all);
        Path plots = Files.createDirectories(file.resolveSibling("performance"));
        for (String group : page.groups()) {
            Files.writeString(plots.resolve(group + ".svg"), new Plot(page.lines(group)).svg());
        }
        Files.writeString(file, page.text());
    }

    String text() {
        StringBuilder text = new StringBuilder(HEAD);
        text.append(
                "\n## Runs\n\n| time (UTC) | commit | machine | versions |\n|---|---|---|---|\n");
        for (Results results : all) {
            text.append(
                    cells(
                            results.time(),
                            commit(results),
                            results.machine().toString(),
                            results.versions().entrySet().stream()
                                    .map(entry -> entry.getKey() + " " + entry.getValue())
                                    .collect(Collectors.joining("; "))));
        }
        for (String group : groups()) {
            text.append(
                    "\n## %s\n\n![%s](performance/%s.svg)\n"
                            .formatted(capitalized(group), group, group));
            lines(group).forEach(line -> text.append(table(line)));
        }
        return text.toString();
    }

    /** Those of which something is measured, in the order of the benchmarks. */
    private Set<String> groups() {
        return Arrays.stream(Benchmark.values())
                .filter(benchmark -> !history(benchmark).days().isEmpty())
                .map(benchmark -> benchmark.workload().group())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private List<History> lines(String group) {
        return Arrays.stream(Benchmark.values())
                .filter(benchmark -> benchmark.workload().group().equals(group))
                .map(this::history)
                .filter(history -> !history.days().isEmpty())
                .toList();
    }

    private History history(Benchmark benchmark) {
        return new History(
                benchmark,
                all.stream().flatMap(results -> day(results, benchmark.title()).stream()).toList());
    }

    private static Optional<History.Day> day(Results results, String benchmark) {
        return results.rows().stream()
                .filter(row -> row.benchmark().equals(benchmark))
                .findFirst()
                .map(row -> new History.Day(results, row));
    }

    private static String table(History history) {
        Row newest = history.days().getFirst().row();
        StringBuilder text =
                new StringBuilder("\n### " + history.benchmark().title() + "\n\n")
                        .append(capitalized(history.benchmark().line()))
                        .append(newest.judgesOurs() ? "; our own figure is judged" : "")
                        .append(".\n\n")
                        .append(
                                cells(
                                        "day",
                                        "commit",
                                        newest.judged(),
                                        "min",
                                        "max",
                                        "pairs",
                                        "our figure",
                                        newest.peer() + "'s",
                                        "target"))
                        .append("|---|---|---|---|---|---|---|---|---|\n");
        for (History.Day day : history.days()) {
            Row row = day.row();
            text.append(
                    cells(
                            day.results().time().substring(0, 10),
                            commit(day.results()),
                            "**" + Figure.of(row.median()) + "**",
                            Figure.of(row.min()),
                            Figure.of(row.max()),
                            String.valueOf(row.pairs().size()),
                            Figure.of(row.ours()),
                            Figure.of(row.others()),
                            row.hasTarget() ? row.verdict() : "none"));
        }
        return text.toString();
    }

    private static String commit(Results results) {
        return "`" + results.shortCommit() + "`" + (results.dirty() ? ", changed" : "");
    }

    private static String capitalized(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }

    private static String cells(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
