package dev.prefork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
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

    @Test
    void givenDifferentSettings_whenTheirTextsAreTheSame_thenTheyAreNotEqual() {
        ClusterSettings one = ClusterSettings.builder().args("a, b").build();
        ClusterSettings two = ClusterSettings.builder().args("a", "b").build();
        ClusterSettings word = ClusterSettings.builder().args("a], exec: [b").build();

        assertThat(one).hasToString(two.toString()).isNotEqualTo(two).isNotEqualTo(word);
        assertThat(one).isEqualTo(ClusterSettings.builder().args("a, b").build());
        assertThat(one).hasSameHashCodeAs(ClusterSettings.builder().args("a, b").build());
    }

    private static void refused(String value, UnaryOperator<ClusterSettings.Builder> setting) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.apply(ClusterSettings.builder()))
                .withMessageContaining(value);
    }
}
