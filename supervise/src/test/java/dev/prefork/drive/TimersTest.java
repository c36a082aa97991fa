package dev.prefork.drive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Timers whose owner looks at what is due when it comes to it. */
class TimersTest {
    private final BlockingQueue<Runnable> due = new LinkedBlockingQueue<>();
    private final List<String> done = new ArrayList<>();
    private final Timers timers = new Timers(due::add);

    @AfterEach
    void close() {
        timers.close();
    }

    private Runnable next() throws InterruptedException {
        Runnable next = due.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @Test
    void givenATimer_whenItIsDue_thenItIsDoneAndForgotten() throws Exception {
        timers.start("a", Duration.ZERO, () -> done.add("a"));

        next().run();

        assertThat(done).containsExactly("a");
        assertThat(timers.count()).isZero();
    }

    /** It waits among the owner's tasks already. */
    @Test
    void givenOneThatIsDue_whenItIsStartedAnewBefore_thenOnlyTheNewOneCounts() throws Exception {
        timers.start("a", Duration.ZERO, () -> done.add("old"));
        Runnable late = next();
        timers.start("a", Duration.ZERO, () -> done.add("new"));

        late.run();
        assertThat(done).isEmpty();
        next().run();

        assertThat(done).containsExactly("new");
    }

    @Test
    void givenOneThatIsDue_whenItIsCancelledBefore_thenItIsNotDone() throws Exception {
        timers.start("a", Duration.ZERO, () -> done.add("a"));
        Runnable late = next();
        timers.cancel("a");

        late.run();

        assertThat(done).isEmpty();
    }

    @Test
    void givenTwoNames_whenOneIsCancelled_thenTheOtherGoesOn() throws Exception {
        timers.start("a", Duration.ofHours(1), () -> done.add("a"));
        timers.start("b", Duration.ZERO, () -> done.add("b"));
        timers.cancel("a");

        next().run();

        assertThat(done).containsExactly("b");
        assertThat(timers.count()).isZero();
    }
}
