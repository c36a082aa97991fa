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
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
    private static final String HEAD = "| trial";
    private static final String NONE = "–";

    private final String text;
    private final Map<String, Map<String, Map<Integer, String>>> rows = new LinkedHashMap<>();
    private final Map<String, String> versions = new LinkedHashMap<>();

    /** With this text so far. */
    ReliabilityPage(String text) {
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
        Files.writeString(FILE, written());
    }

    /** The page with what was tried. */
    String written() {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        return text.substring(0, begin) + BEGIN + "\n\n" + figures() + text.substring(end);
    }

    private String figures() {
        List<String> names = Peers.all().stream().map(Peer::name).toList();
        String heads = names.stream().map(this::peerAndVersion).collect(Collectors.joining(" | "));
        StringBuilder table = new StringBuilder();
        table.append(
                "Last tried on %s; %d processors, Java %s.%n%n"
                        .formatted(
                                LocalDate.now(ZoneId.systemDefault()),
                                Runtime.getRuntime().availableProcessors(),
                                System.getProperty("java.version")));
        table.append("%s | must | %s |%n".formatted(HEAD, heads));
        table.append("|---|---|%s%n".formatted("---|".repeat(names.size())));
        for (Trial trial : Trials.all()) {
            table.append("| %s | %s |".formatted(head(trial), trial.must()));
            names.forEach(peer -> table.append(" ").append(cell(trial, peer)).append(" |"));
            table.append("\n");
        }
        return table.append("\n").toString();
    }

    private String peerAndVersion(String peer) {
        return Optional.ofNullable(versions.get(peer))
                .map(version -> peer + " " + version)
                .or(() -> heads().stream().filter(head -> isOf(head, peer)).findFirst())
                .orElse(peer);
    }

    private static boolean isOf(String head, String peer) {
        return head.equals(peer) || head.startsWith(peer + " ");
    }

    /** Those of the columns on the page. */
    private List<String> heads() {
        return text.lines()
                .filter(line -> line.startsWith(HEAD))
                .findFirst()
                .map(ReliabilityPage::cells)
                .orElse(List.of());
    }

    private static String head(Trial trial) {
        return "`%s`: %s".formatted(trial.name(), trial.title());
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
        List<String> heads = heads();
        return text.lines()
                .filter(line -> line.startsWith("| `%s`:".formatted(trial.name())))
                .map(ReliabilityPage::cells)
                .filter(row -> row.size() == heads.size())
                .flatMap(
                        row ->
                                IntStream.range(0, heads.size())
                                        .filter(column -> isOf(heads.get(column), peer))
                                        .mapToObj(row::get))
                .findFirst()
                .orElse(NONE);
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.split("\\|", -1)).map(String::strip).toList();
    }
}
