package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.util.Optional;

/** A native library in our process may wait for any child, and so for ours. */
@ExtendWith(NothingLeft.class)
class ReapedElsewhereTest {
    @Test
    void givenAChildThatSomebodyElseReaped_whenItIsReaped_thenItHasEndedAndNobodyKnowsHow()
            throws IOException {
        try (Child child = Run.spawn("true").start()) {
            assertThat(Child.wait(child.pid(), 0)).contains(new ExitStatus.Exited(0));

            Optional<ExitStatus> end = child.reap();

            assertThat(end).contains(new ExitStatus.Unknown());
            assertThat(child.reap()).isEqualTo(end);
            assertThat(Readiness.now(child.descriptor(), Epoll.READABLE)).isPositive();
        }
    }
}
