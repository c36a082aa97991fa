package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ClusterSettings;

import org.junit.jupiter.api.Test;

import java.util.List;

class GroupWarningTest {
    private static final List<String> OF_ROOT =
            List.of("Name:\tjava", "Uid:\t0\t0\t0\t0", "Gid:\t0\t0\t0\t0", "Groups:\t0");

    @Test
    void givenAUidAlone_whenThisProcessHasTheGroupRoot_thenItIsSaid() {
        ClusterSettings settings = ClusterSettings.builder().uid(65534).build();

        assertThat(GroupWarning.of(settings, OF_ROOT))
                .contains("workers have uid=65534 and keep gid=0, the group root; set gid as well");
    }

    @Test
    void givenAGidToo_orNoUid_orRootItself_thenNothingIsSaid() {
        assertThat(GroupWarning.of(ClusterSettings.builder().uid(1).gid(1).build(), OF_ROOT))
                .isEmpty();
        assertThat(GroupWarning.of(ClusterSettings.builder().gid(1).build(), OF_ROOT)).isEmpty();
        assertThat(GroupWarning.of(ClusterSettings.builder().uid(0).build(), OF_ROOT)).isEmpty();
        assertThat(GroupWarning.of(ClusterSettings.empty())).isEmpty();
    }

    /** The effective one is the second. */
    @Test
    void givenAnotherGroup_whenAUidIsSetAlone_thenNothingIsSaid() {
        ClusterSettings settings = ClusterSettings.builder().uid(65534).build();

        assertThat(GroupWarning.of(settings, List.of("Gid:\t0\t1000\t1000\t1000"))).isEmpty();
        assertThat(GroupWarning.of(settings, List.of("Gid:\t1000\t1000\t0\t0"))).isEmpty();
        assertThat(GroupWarning.of(settings, List.of("Gid:\t1000\t0\t0\t0"))).isPresent();
    }
}
