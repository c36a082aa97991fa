package dev.prefork.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ClusterSettings;
import dev.prefork.Worker;
import dev.prefork.launch.TestLauncher;
import dev.prefork.posix.NothingLeft;
import dev.prefork.wire.Act;
import dev.prefork.wire.LinkEnd;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** One of the workers in slots is the leader, and never two. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class LeadershipTest {
    private final IdleProcesses processes = new IdleProcesses();
    private final Primary primary = new Primary(TestLauncher.of(processes));
    private final List<Worker> leaders = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        processes.close();
        primary.close(Duration.ZERO);
    }

    /** A worker, and its own end of the channel. */
    private record Member(Worker worker, LinkEnd end) {
        void isOnline() throws Exception {
            end.onLoop(() -> end.link().tell(Act.Simple.ONLINE));
            worker.online().get(20, TimeUnit.SECONDS);
        }

        void dies() throws Exception {
            worker.process().kill("SIGKILL");
            worker.exited().get(20, TimeUnit.SECONDS);
        }
    }

    private Member fork(int slot) throws Exception {
        Worker worker = primary.slot(slot).fork(Map.of());
        worker.onLeader(() -> leaders.add(worker));
        return new Member(worker, processes.nextEnd());
    }

    /** What was told before has been heard. */
    private void settle() throws Exception {
        CompletableFuture.runAsync(() -> {}, primary.events().thread()).get(20, TimeUnit.SECONDS);
    }

    @Test
    void givenTwoInSlots_whenTheFirstIsOnline_thenItLeadsUntilItsProcessHasEnded()
            throws Exception {
        Member first = fork(0);
        Member second = fork(1);
        settle();
        assertThat(leaders).isEmpty();

        second.isOnline();
        first.isOnline();
        settle();

        assertThat(leaders).containsExactly(second.worker());
        assertThat(second.end().awaitAct()).isEqualTo(Act.Simple.LEADER);
        assertThat(second.worker().isLeader()).isTrue();
        assertThat(first.worker().isLeader()).isFalse();

        second.dies();
        settle();
        assertThat(leaders).containsExactly(second.worker(), first.worker());
        assertThat(first.end().awaitAct()).isEqualTo(Act.Simple.LEADER);
        assertThat(second.worker().isLeader()).isFalse();
    }

    @Test
    void givenALeaderThatLeaves_whenItStillRuns_thenNobodyElseLeads() throws Exception {
        Member first = fork(0);
        first.isOnline();
        Member second = fork(1);
        second.isOnline();

        first.worker().disconnect();
        settle();
        assertThat(leaders).containsExactly(first.worker());

        second.worker().disconnect();
        first.dies();
        settle();
        assertThat(leaders).as("the other one leaves as well").containsExactly(first.worker());
        Member third = fork(2);
        third.isOnline();
        settle();
        assertThat(leaders).containsExactly(first.worker(), third.worker());
    }

    @Test
    void givenAWorkerInNoSlot_whenItIsOnline_thenItDoesNotLead() throws Exception {
        Worker worker = primary.fork(ClusterSettings.empty(), Map.of());
        worker.onLeader(() -> leaders.add(worker));
        Member member = new Member(worker, processes.nextEnd());

        member.isOnline();
        settle();

        assertThat(leaders).isEmpty();
        assertThat(worker.slot()).isEmpty();
        assertThat(fork(7).worker().slot()).hasValue(7);
    }
}
