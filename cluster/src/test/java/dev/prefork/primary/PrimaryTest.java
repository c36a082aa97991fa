package dev.prefork.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.prefork.AddressType;
import dev.prefork.Balancer;
import dev.prefork.ClusterSettings;
import dev.prefork.Exit;
import dev.prefork.ForkException;
import dev.prefork.ListeningAddress;
import dev.prefork.SchedulingPolicy;
import dev.prefork.Slot;
import dev.prefork.Worker;
import dev.prefork.launch.TestLauncher;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.ReapedElsewhere;
import dev.prefork.wire.Acknowledged;
import dev.prefork.wire.Act;
import dev.prefork.wire.ExitedAfterDisconnect;
import dev.prefork.wire.Grant;
import dev.prefork.wire.LinkEnd;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A primary and its workers, whose processes do nothing: the test speaks for them. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class PrimaryTest {
    private final IdleProcesses processes = new IdleProcesses();
    private final Primary primary = new Primary(TestLauncher.of(processes));

    @AfterEach
    void close() throws InterruptedException {
        processes.close();
        primary.close(Duration.ZERO);
    }

    private Worker fork() {
        return primary.fork(ClusterSettings.empty(), Map.of());
    }

    private static <T> T soon(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    // Forking.

    @Test
    void givenNoRoomForAProcess_whenForked_thenNobodyHearsOfAWorkerAndTheNextOneIsForked()
            throws Exception {
        CompletableFuture<Worker> forked = new CompletableFuture<>();
        primary.events().fork().add(forked::complete);
        processes.fail(Errno.EAGAIN);

        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(this::fork)
                .withMessageStartingWith("cannot fork: ")
                .withMessageContaining("EAGAIN");
        assertThat(primary.workers()).isEmpty();
        processes.fail(0);

        Worker worker = fork();
        assertThat(soon(forked)).isSameAs(worker);
        assertThat(primary.workers()).containsOnly(Map.entry(2, worker));
    }

    @Test
    void givenTheForkEvent_whenItsListenerUsesTheWorker_thenItCanBeUsedAtOnce() throws Exception {
        CompletableFuture<Boolean> sent = new CompletableFuture<>();
        primary.events()
                .fork()
                .add(
                        worker -> {
                            sent.complete(worker.send("hello"));
                            worker.disconnect();
                            worker.process().kill("SIGKILL");
                        });

        Worker worker = fork();
        LinkEnd end = processes.nextEnd();

        assertThat(soon(sent)).isTrue();
        assertThat(end.awaitMessage()).isEqualTo("hello");
        assertThat(end.awaitAct()).isEqualTo(Act.Simple.DISCONNECT);
        assertThat(soon(worker.exited())).isEqualTo(Exit.ofSignal("SIGKILL"));
        assertThat(worker.exitedAfterDisconnect()).contains(true);
    }

    /** SPEC B7. */
    @Test
    void givenAFork_whenThePolicyIsSet_thenItIsRefusedUnlessItIsTheSame() {
        primary.schedulingPolicy(SchedulingPolicy.NONE);
        fork();

        assertThatIllegalStateException()
                .isThrownBy(() -> primary.schedulingPolicy(SchedulingPolicy.ROUND_ROBIN))
                .withMessageContaining("schedulingPolicy=ROUND_ROBIN");
        primary.schedulingPolicy(SchedulingPolicy.NONE);
    }

    /** SPEC B7. */
    @Test
    void givenSettings_whenTheyAreReset_thenWhatIsNotNamedIsTheDefaultAgain() {
        primary.setup(ClusterSettings.empty());
        ClusterSettings defaults = primary.settings();
        primary.setup(ClusterSettings.builder().exec("Other").uid(1).cwd(Path.of("/")).build());
        primary.setup(ClusterSettings.empty());
        assertThat(primary.settings().exec()).contains("Other");

        primary.reset(ClusterSettings.builder().uid(2).build());
        assertThat(primary.settings())
                .isEqualTo(defaults.with(ClusterSettings.builder().uid(2).build()));

        primary.reset(ClusterSettings.empty());
        assertThat(primary.settings()).isEqualTo(defaults);
    }

    // The end of a worker.

    @Test
    void givenAWorkerThatIsKilled_thenItsEndIsToldOnceAndItCannotBeKilledAgain() throws Exception {
        List<Exit> told = new CopyOnWriteArrayList<>();
        Worker worker = fork();
        LinkEnd end = processes.nextEnd();
        worker.onExit(told::add);

        assertThat(worker.process().kill("SIGTERM")).isTrue();
        Exit exit = soon(worker.exited());

        assertThat(exit).isEqualTo(Exit.ofSignal("SIGTERM"));
        assertThat(worker.process().kill("SIGTERM")).isFalse();
        assertThat(worker.isDead()).isTrue();
        // What it has started may still have its channel.
        assertThat(worker.isConnected()).isTrue();
        end.close();
        soon(worker.disconnected());
        assertThat(told).containsExactly(exit);
        assertThat(worker.exitedAfterDisconnect()).contains(false);
        assertThat(primary.workers()).isEmpty();
    }

    @Test
    void givenAWorkerThatSomebodyElseReaped_thenItsEndIsToldAndTheLoopGoesOn() throws Exception {
        Worker worker = fork();
        List<Exit> told = new CopyOnWriteArrayList<>();
        worker.onExit(told::add);

        boolean first = ReapedElsewhere.killAndReap(worker.process().pid());
        Exit exit = soon(worker.exited());

        // Whoever was faster.
        assertThat(exit).isEqualTo(first ? Exit.unknown() : Exit.ofSignal("SIGKILL"));
        Worker next = fork();
        assertThat(next.process().kill("SIGKILL")).isTrue();
        soon(next.exited());
        assertThat(told).containsExactly(exit);
    }

    @Test
    void givenALeavingWorker_whenItAsksToListen_thenItGetsNoAnswerAsInNode() throws Exception {
        Worker worker = fork();
        LinkEnd end = processes.nextEnd();
        worker.disconnect();
        assertThat(end.awaitAct()).isEqualTo(Act.Simple.DISCONNECT);

        CompletableFuture<Grant> granted = ask(end, query(0));
        CompletableFuture<Acknowledged> acknowledged = new CompletableFuture<>();
        end.onLoop(
                () ->
                        end.link()
                                .ask(
                                        new ExitedAfterDisconnect(),
                                        (answer, _) -> acknowledged.complete(answer)));

        soon(acknowledged);
        assertThat(granted).isNotDone();
    }

    @Test
    void givenAWorkerThatHasEnded_whenWhatItStartedAsksToListen_thenThatIsNoWorker()
            throws Exception {
        Worker worker = fork();
        LinkEnd end = processes.nextEnd();
        worker.process().kill("SIGKILL");
        soon(worker.exited());

        Grant grant = soon(ask(end, query(0)));

        assertThat(grant.errno()).isEqualTo(Errno.ESRCH);
    }

    // Listening.

    @Test
    void givenAPortThatEachWorkerHasForItself_whenAWorkerAsksForIt_thenThePrimaryOpensNone()
            throws Exception {
        primary.setup(ClusterSettings.builder().ports("9000-9010=private").build());
        fork();
        LinkEnd end = processes.nextEnd();

        Grant refused = soon(ask(end, query(9005)));
        Grant granted = soon(ask(end, query(0)));

        assertThat(refused.errno()).isEqualTo(Errno.EACCES);
        assertThat(granted.errno()).isZero();
    }

    /** A port below 0 is any port. */
    @Test
    void givenThatAnyPortIsTheWorkersOwn_whenAWorkerAsksForAPortBelow0_thenThePrimaryOpensNone()
            throws Exception {
        primary.setup(ClusterSettings.builder().ports("0=private").build());
        fork();
        LinkEnd end = processes.nextEnd();

        Grant refused = soon(ask(end, query(-1)));

        assertThat(refused.errno()).isEqualTo(Errno.EACCES);
    }

    private static QueryServer query(int port) {
        return new QueryServer(
                ListenAddress.of(Optional.of("127.0.0.1"), port, AddressType.TCP4),
                0,
                QueryServer.Wishes.NONE,
                null,
                false);
    }

    private static CompletableFuture<Grant> ask(LinkEnd end, QueryServer query) throws Exception {
        CompletableFuture<Grant> granted = new CompletableFuture<>();
        end.onLoop(
                () ->
                        end.link()
                                .ask(
                                        query,
                                        (grant, handle) -> {
                                            handle.ifPresent(Fd::close);
                                            granted.complete(grant);
                                        }));
        return granted;
    }

    // Balancers.

    @Test
    void givenABalancer_whenWorkersListen_thenItSeesThemAndTheirSlotsAndCannotForkThere()
            throws Exception {
        CompletableFuture<Balancer.Candidate> seen = new CompletableFuture<>();
        CompletableFuture<Worker> forked = new CompletableFuture<>();
        CompletableFuture<ListeningAddress> opened = new CompletableFuture<>();
        primary.balancers(
                address -> {
                    opened.complete(address);
                    return (connection, candidates) -> {
                        seen.complete(candidates.getFirst());
                        forked.completeAsync(this::fork, Runnable::run);
                        return candidates.getFirst();
                    };
                });
        Worker worker = primary.slot(3).fork(Map.of());
        LinkEnd end = processes.nextEnd();
        QueryServer query =
                new QueryServer(query(0).address(), 0, QueryServer.Wishes.NONE, null, true);
        Grant grant = soon(ask(end, query));

        try (SocketChannel client =
                SocketChannel.open(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(),
                                grant.sockname().orElseThrow().getPort()))) {
            assertThat(soon(seen).worker()).isSameAs(worker);
            assertThat(client.isConnected()).isTrue();
        }

        assertThat(soon(opened).port()).isZero();
        assertThat(soon(seen).slot()).hasValue(3);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> soon(forked))
                .withCauseInstanceOf(IllegalStateException.class)
                .withMessageContaining("cluster-loop");
    }

    // Slots.

    @Test
    void givenASlot_whenItIsClosed_thenItForksNoMoreAndAskedForAgainItIsANewOne() {
        Slot slot = primary.slot(3);
        slot.fork(Map.of());
        assertThat(primary.slot(3)).isSameAs(slot);

        slot.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> slot.fork(Map.of()))
                .withMessageContaining("slot 3 is closed");
        assertThat(primary.slot(3)).isNotSameAs(slot);
    }

    // The end of the primary.

    /** SPEC B2. */
    @Test
    void givenTwoWorkers_whenAllAreDisconnected_thenThatIsOverWhenBothHave() throws Exception {
        fork();
        fork();
        LinkEnd one = processes.nextEnd();
        LinkEnd two = processes.nextEnd();

        CompletableFuture<Void> over = primary.disconnect();

        assertThat(primary.workers()).isEmpty();
        assertThat(one.awaitAct()).isEqualTo(Act.Simple.DISCONNECT);
        assertThat(two.awaitAct()).isEqualTo(Act.Simple.DISCONNECT);
        one.close();
        assertThat(over).isNotDone();
        two.close();
        soon(over);
    }

    @Test
    void givenNoWorker_whenAllAreDisconnected_thenTheCallbackIsCalled() throws Exception {
        CompletableFuture<Thread> called = new CompletableFuture<>();

        primary.disconnect(() -> called.complete(Thread.currentThread()));

        assertThat(soon(called).getName()).isEqualTo("cluster-events");
    }

    @Test
    void givenAListener_whenItClosesThePrimary_thenThatIsRefusedWithTheReason() throws Exception {
        CompletableFuture<Exception> refused = new CompletableFuture<>();
        primary.events()
                .fork()
                .add(
                        worker -> {
                            try {
                                primary.close(Duration.ZERO);
                            } catch (IllegalStateException e) {
                                refused.complete(e);
                            }
                        });

        fork();

        assertThat(soon(refused)).hasMessageContaining("cluster-events");
    }

    @Test
    void givenAThreadThatIsInterrupted_whenItCloses_thenTheEndsAreToldAllTheSame()
            throws Exception {
        Worker worker = fork();
        Thread.currentThread().interrupt();

        primary.close(Duration.ofSeconds(60));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(soon(worker.exited())).isEqualTo(Exit.ofSignal("SIGKILL"));
    }

    @Test
    void givenAClosedPrimary_whenItIsUsed_thenEverythingIsRefusedOrDoesNothing() throws Exception {
        Worker worker = fork();
        Slot slot = primary.slot(0);

        primary.close(Duration.ZERO);

        assertThat(soon(worker.exited())).isEqualTo(Exit.ofSignal("SIGKILL"));
        assertThatIllegalStateException().isThrownBy(this::fork).withMessageContaining("closed");
        assertThat(worker.process().kill("SIGTERM")).isFalse();
        slot.settle();
        slot.close();
        primary.close(Duration.ZERO);
    }
}
