package dev.prefork.it.fire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Programs;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

class ReliabilityPageTest {
    private static final String EMPTY =
            """
            Above.
            <!-- figures: written by -Dprefork.update -->
            <!-- end of the figures -->
            - `RELOADS`: a reason
            """;

    private static final Trial RELOADS = new Reloads();

    private static Stage stage(Peer peer, int workers) {
        return new Stage(new Programs(), Path.of("nowhere"), peer, workers);
    }

    private static String written(String page, Peer peer, int workers, Figure figure) {
        ReliabilityPage next = new ReliabilityPage(page);
        next.version(peer, new Peer.Installed(true, "1.0"));
        next.add(RELOADS, stage(peer, workers), figure);
        return next.written();
    }

    private static String row(String page) {
        return page.lines().filter(line -> line.startsWith("| `RELOADS`")).findFirst().orElse("");
    }

    @Test
    void whatIsWrittenByHandStays() {
        String page = written(EMPTY, new NginxPeer(), 2, new Figure("0.1 s", true));

        assertThat(page).startsWith("Above.\n").endsWith("- `RELOADS`: a reason\n");
    }

    @Test
    void aCellThatIsNotTriedStaysWithItsVersion() {
        String first = written(EMPTY, new NginxPeer(), 2, new Figure("0.1 s", true));
        String second = written(first, new PreforkPeer(), 4, new Figure("9 s", true));

        assertThat(row(second)).contains("| 4: 9 s | 2: 0.1 s | – |");
        assertThat(second).contains("| prefork 1.0 | nginx 1.0 | node |");
    }

    @Test
    void onlyWhatPreforkMissesIsBold() {
        Figure missed = new Figure("9 s", false);

        assertThat(row(written(EMPTY, new PreforkPeer(), 2, missed))).contains("| 2: **9 s** |");
        assertThat(row(written(EMPTY, new NginxPeer(), 2, missed))).contains("| 2: 9 s |");
    }

    @Test
    void aTrialHasAReasonIfALineBelowNamesIt() {
        ReliabilityPage page = new ReliabilityPage(EMPTY);

        assertThat(page.hasReason(RELOADS)).isTrue();
        assertThat(page.hasReason(new Leaks())).isFalse();
    }
}
