package dev.prefork.it.fire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * docs/reliability.md: what stands above the table and below it is written by hand and stays; a
 * cell that was not tried this time stays as well.
 */
final class ReliabilityPage {
    private static final Path FILE =
            Path.of(System.getProperty("basedir", ""))
                    .toAbsolutePath()
                    .resolveSibling("docs/reliability.md");

    private static final String BEGIN = "<!-- figures: written by -Dprefork.update -->";
    private static final String END = "<!-- end of the figures -->";
    private static final String NONE = "–";

    private final String text;
    private final Map<String, Map<String, Map<Integer, String>>> rows = new LinkedHashMap<>();
    private final Map<String, String> versions = new LinkedHashMap<>();

    private ReliabilityPage(String text) {
        this.text = text;
    }

    static ReliabilityPage read() {
        try {
            return new ReliabilityPage(
                    Files.exists(FILE) ? Files.readString(FILE) : BEGIN + "\n" + END + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void version(Peer peer, Peer.Installed installed) {
        versions.put(peer.name(), installed.text());
    }

    void begin(Trial trial, Stage stage) {
        put(trial, stage, "**failed**");
    }

    void add(Trial trial, Stage stage, Figure figure) {
        boolean isMissed = !figure.isMet() && stage.isOurs();
        put(trial, stage, isMissed ? "**" + figure.text() + "**" : figure.text());
    }

    private void put(Trial trial, Stage stage, String cell) {
        rows.computeIfAbsent(trial.name(), name -> new LinkedHashMap<>())
                .computeIfAbsent(stage.peer().name(), name -> new TreeMap<>())
                .put(stage.workers(), cell);
    }

    /** Whether the page says why the figure of a trial is not what it must be. */
    boolean hasReason(Trial trial) {
        return text.lines().anyMatch(line -> line.startsWith("- `" + trial.name() + "`:"));
    }

    void write() throws IOException {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        Files.writeString(
                FILE, text.substring(0, begin) + BEGIN + "\n\n" + figures() + text.substring(end));
    }

    private String figures() {
        List<String> names = Peers.all().stream().map(Peer::name).toList();
        StringBuilder table = new StringBuilder();
        table.append(
                "%s; %d processors, Java %s; %s.%n%n"
                        .formatted(
                                LocalDate.now(ZoneId.systemDefault()),
                                Runtime.getRuntime().availableProcessors(),
                                System.getProperty("java.version"),
                                names.stream()
                                        .skip(1)
                                        .map(name -> name + " " + version(name))
                                        .collect(Collectors.joining(", "))));
        table.append("| trial | must | %s |%n".formatted(String.join(" | ", names)));
        table.append("|---|---|%s%n".formatted("---|".repeat(names.size())));
        for (Trial trial : Trials.all()) {
            table.append("| %s | %s |".formatted(head(trial), trial.must()));
            names.forEach(peer -> table.append(" ").append(cell(trial, peer)).append(" |"));
            table.append("\n");
        }
        return table.append("\n").toString();
    }

    private static String head(Trial trial) {
        return "`%s`: %s".formatted(trial.name(), trial.title());
    }

    private String version(String peer) {
        return versions.getOrDefault(peer, "as before");
    }

    private String cell(Trial trial, String peer) {
        Map<Integer, String> tried = rows.getOrDefault(trial.name(), Map.of()).get(peer);
        if (tried == null) {
            return before(trial, peer);
        }
        return tried.entrySet().stream()
                .map(each -> "%d: %s".formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining("<br>"));
    }

    /** The cell as it is on the page. */
    private String before(Trial trial, String peer) {
        List<String> lines = text.lines().toList();
        int column =
                lines.stream()
                        .filter(line -> line.startsWith("| trial |"))
                        .findFirst()
                        .map(line -> cells(line).indexOf(peer))
                        .orElse(-1);
        return lines.stream()
                .filter(line -> line.startsWith("| `%s`:".formatted(trial.name())))
                .map(ReliabilityPage::cells)
                .filter(row -> column >= 0 && column < row.size())
                .map(row -> row.get(column))
                .findFirst()
                .orElse(NONE);
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.split("\\|", -1)).map(String::strip).toList();
    }
}
