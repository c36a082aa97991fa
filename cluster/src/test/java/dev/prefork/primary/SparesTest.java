package dev.prefork.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.ClusterSettings;
import dev.prefork.Worker;
import dev.prefork.launch.TestLauncher;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Note;
import dev.prefork.posix.NothingLeft;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Processes that wait to be workers: who becomes one, and when they end. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class SparesTest {
    private static final ClusterSettings ONE_SPARE =
            ClusterSettings.builder().standalone(true).exec("Main").spares(1).build();

    private final IdleProcesses processes = new IdleProcesses();
    private Fd agent;
    private Primary primary;
    private int first;
    private int spare;

    @BeforeEach
    void aWorkerAndASpare() throws Exception {
        agent = Descriptors.openNull();
        primary = new Primary(TestLauncher.lending(() -> agent, processes));
        primary.setup(ONE_SPARE);
        first = primary.slot(0).fork(Map.of()).process().pid();
        spare = awaitSpare(Set.of(first));
        processes.nextSocket().close();
    }

    @AfterEach
    void close() throws InterruptedException {
        processes.close();
        primary.close(Duration.ZERO);
        agent.close();
    }

    private static Set<Integer> children() {
        return ProcessHandle.current()
                .children()
                .map(child -> (int) child.pid())
                .collect(Collectors.toSet());
    }

    private static int awaitSpare(Set<Integer> others) {
        await().until(() -> children().size() == others.size() + 1);
        return children().stream().filter(pid -> !others.contains(pid)).findAny().orElseThrow();
    }

    private Optional<String> noteToTheSpare() throws Exception {
        try (Fd far = processes.nextSocket()) {
            Descriptors.setNonBlocking(far.number(), false);
            return Note.read(far.number(), 100);
        }
    }

    @Test
    void whenTheNextIsForked_thenTheSpareIsTheWorkerOfThatSlot() throws Exception {
        Worker second = primary.slot(3).fork(Map.of());

        assertThat(second.process().pid()).isEqualTo(spare);
        assertThat(second.id()).isEqualTo(2);
        assertThat(noteToTheSpare()).contains("2 3");
        assertThat(primary.workers().get(2)).isSameAs(second);
    }

    @Test
    void whenItHasBecomeAWorker_thenThereIsAnotherSpare() {
        primary.slot(1).fork(Map.of());

        assertThat(awaitSpare(Set.of(first, spare))).isNotIn(first, spare);
    }

    @Test
    void whenOneWithAnotherVariableIsForked_thenItIsANewProcessAndTheSpareEnds() {
        Worker second = primary.slot(1).fork(Map.of("COLOUR", "blue"));

        assertThat(second.process().pid()).isNotEqualTo(spare);
        await().until(() -> !children().contains(spare));
    }

    @Test
    void whenOneOutsideOfSlotsIsForked_thenItIsANewProcess() {
        Worker second = primary.fork(ClusterSettings.empty(), Map.of());

        assertThat(second.process().pid()).isNotEqualTo(spare);
        assertThat(children()).contains(spare);
    }

    @Test
    void whenTheSpareHasDied_thenItIsReapedAndTheNextIsANewProcess() {
        ProcessHandle.of(spare).orElseThrow().destroyForcibly();
        await().until(() -> children().equals(Set.of(first)));

        Worker second = primary.slot(1).fork(Map.of());

        assertThat(second.process().pid()).isNotEqualTo(spare);
    }

    @Test
    void whenSetUpAnew_thenTheSpareEnds() {
        primary.setup(ONE_SPARE);

        await().until(() -> children().equals(Set.of(first)));
    }

    /** Its end is not yet known when there is nobody any more to be told. */
    @Test
    void whenNoMoreIsTakenAndAllIsClosedAtOnce_thenTheSpareIsReaped() {
        primary.takeNoMore();

        primary.close(Duration.ZERO);

        assertThat(children()).isEmpty();
    }

    @Test
    void whenNoMoreIsTaken_thenTheSpareEnds() {
        primary.takeNoMore();

        await().until(() -> children().equals(Set.of(first)));
    }

    @Test
    void
            givenNoProcessCanBeStarted_whenASpareIsMissing_thenNobodyIsToldAndTheNextForkIsANewProcess() {
        int second = primary.slot(1).fork(Map.of()).process().pid();
        assertThat(second).isEqualTo(spare);
        processes.fail(Errno.EAGAIN);
        await().until(() -> processes.failures() > 0);
        processes.fail(0);

        assertThat(primary.slot(2).fork(Map.of()).process().pid()).isNotIn(first, spare);
    }
}
