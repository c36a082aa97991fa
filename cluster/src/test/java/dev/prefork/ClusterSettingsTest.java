package dev.prefork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

class ClusterSettingsTest {
    @Test
    void givenStdioWithoutExactlyOneIpc_thenItIsRefusedByName() {
        refused("stdio=[pipe, inherit]", builder -> builder.stdio("pipe", "inherit"));
        refused("stdio=[ipc, 1, ipc]", builder -> builder.stdio("ipc", 1, "ipc"));
    }

    @Test
    void givenAnUnknownStdioWord_thenItIsRefusedByName() {
        refused("bogus", builder -> builder.stdio("bogus", "inherit", "inherit", "ipc"));
        refused("-1", builder -> builder.stdio("pipe", -1, "ipc"));
        refused("null", builder -> builder.stdio(Arrays.asList("ipc", null)));
        refused("2.5", builder -> builder.stdio("ipc", 2.5));
    }

    @Test
    void givenANumberOutOfRange_thenItIsRefusedByName() {
        refused("uid=-1", builder -> builder.uid(-1));
        refused("gid=-5", builder -> builder.gid(-5));
        refused("inspectPort=65536", builder -> builder.inspectPort(65536));
        refused("inspectPort=-1", builder -> builder.inspectPort(-1));
    }

    @Test
    void givenTwoSettings_whenTheyAreMerged_thenTheLaterOnesWinAndTheRestStays() {
        ClusterSettings first =
                ClusterSettings.builder().silent(true).uid(1).inspectPort(7000).args("a").build();
        ClusterSettings second =
                ClusterSettings.builder().gid(2).uid(3).stdio("ipc").windowsHide(true).build();

        assertThat(first.with(second))
                .hasToString(
                        "{args: [a], silent: true, stdio: [ipc], uid: 3, gid: 2, inspectPort: 7000,"
                                + " windowsHide: true}")
                .isNotEqualTo(first);
        assertThat(first.with(ClusterSettings.empty())).isEqualTo(first);
        assertThat(ClusterSettings.empty()).hasToString("{}");
    }

    /** Two lists that print alike are two lists. */
    @Test
    void givenSettingsThatPrintAlike_whenTheyAreCompared_thenTheirValuesCount() {
        ClusterSettings oneWord = ClusterSettings.builder().args("a, b").build();
        ClusterSettings twoWords = ClusterSettings.builder().args("a", "b").build();

        assertThat(oneWord).hasToString(twoWords.toString()).isNotEqualTo(twoWords);
    }

    @Test
    void givenEqualSettings_whenTheyAreCompared_thenTheyAreEqual() {
        assertThat(every().build()).isEqualTo(every().build()).hasSameHashCodeAs(every().build());
        assertThat(every().ports("1=private").build()).isNotEqualTo(every().build());
        assertThat(every().inspectPort(2).build()).isNotEqualTo(every().build());
    }

    @Test
    void givenEverySetting_whenItIsMergedIntoOthers_thenNoneIsLost() {
        ClusterSettings other = ClusterSettings.builder().args("other").silent(false).build();

        assertThat(other.with(every().build())).isEqualTo(every().build());
        assertThat(every().build().with(ClusterSettings.empty())).isEqualTo(every().build());
    }

    @Test
    void givenEverySetting_whenPrinted_thenEachIsNamedAndNodesFourComeFirst() {
        assertThat(every().build())
                .hasToString(
                        "{args: [a], exec: Main, execArgv: [-Xmx1g], silent: true, execPath: java,"
                            + " cwd: /tmp, stdio: [pipe, 1, ipc], uid: 1, gid: 2, inspectPort: 9,"
                            + " windowsHide: true, standalone: true, ownProcessGroup: true, ports:"
                            + " 0=private, stopTimeout: PT3S, idleGrace: PT1S}");
    }

    @Test
    void givenANulOrNoTime_thenItIsRefusedByName() {
        refused("args contains NUL: a\\0", builder -> builder.args("a\0"));
        refused("exec contains NUL", builder -> builder.exec("\0"));
        refused("execPath contains NUL", builder -> builder.execPath("\0"));
        refused("execArgv contains NUL", builder -> builder.execArgv("-D\0"));
        refused("stopTimeout=PT0S", builder -> builder.stopTimeout(Duration.ZERO));
    }

    /** The list is the settings' own. */
    @Test
    void givenAListThatChanges_whenSettingsWereBuilt_thenTheyDoNot() {
        List<String> words = new ArrayList<>(List.of("a"));
        ClusterSettings settings = ClusterSettings.builder().args(words).build();

        words.add("b");

        assertThat(settings.args()).contains(List.of("a"));
    }

    private static ClusterSettings.Builder every() {
        return ClusterSettings.builder()
                .args("a")
                .exec("Main")
                .execArgv("-Xmx1g")
                .silent(true)
                .execPath("java")
                .cwd(Path.of("/tmp"))
                .stdio("pipe", 1, "ipc")
                .uid(1)
                .gid(2)
                .inspectPort(9)
                .windowsHide(true)
                .standalone(true)
                .ownProcessGroup(true)
                .ports("0=private")
                .stopTimeout(Duration.ofSeconds(3))
                .idleGrace(Duration.ofSeconds(1));
    }

    private static void refused(String value, UnaryOperator<ClusterSettings.Builder> setting) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.apply(ClusterSettings.builder()))
                .withMessageContaining(value);
    }
}
