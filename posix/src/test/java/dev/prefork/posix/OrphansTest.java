package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class OrphansTest {
    private static boolean isZombie(int pid) throws PosixException {
        return ProcessState.all().stream().anyMatch(p -> p.pid() == pid && p.isZombie());
    }

    @Test
    void givenAChildThatNobodyReaps_whenLookedAtTwice_thenItIsGone() throws Exception {
        try (Child child = child()) {
            Readiness.await(child.descriptor(), Epoll.READABLE);
            Orphans orphans = new Orphans();

            orphans.look();
            assertThat(isZombie(child.pid())).isTrue();
            orphans.look();

            assertThat(isZombie(child.pid())).isFalse();
            assertThat(child.reap()).contains(new ExitStatus.Unknown());
        }
    }

    @Test
    void givenAChildThatIsReapedBetweenTwoLooks_thenItsEndIsToldToItsOwner() throws Exception {
        try (Child child = child()) {
            Readiness.await(child.descriptor(), Epoll.READABLE);
            Orphans orphans = new Orphans();

            orphans.look();
            assertThat(child.reap()).contains(new ExitStatus.Exited(3));
            orphans.look();
        }
    }

    @Test
    void givenANameWithSpacesAndBrackets_thenTheFieldsBehindItAreRead() {
        String stat = "7 (a ) Z 9) S 1 5 5 0 -1 4 1 1 1 1 1 1 1 1 20 0 1 0 12345 9 9";

        assertThat(ProcessState.of(7, ProcessStat.parse(stat)))
                .isEqualTo(new ProcessState(7, "S", 1, 5, 12345));
    }

    private static Child child() throws PosixException {
        return new Spawn("/bin/sh", List.of("-c", "exit 3"), Map.of(), Optional.empty(), Map.of())
                .start();
    }
}
