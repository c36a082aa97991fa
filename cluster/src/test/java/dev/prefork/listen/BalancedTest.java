package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Balancer;
import dev.prefork.balance.Balancers;
import dev.prefork.balance.NamedWorker;
import dev.prefork.listen.FakeWorker.Manner;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.Grant;
import dev.prefork.wire.QueryServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who gets a connection where a balancer says so, by either lane (SPEC A4, D2). */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class BalancedTest {
    private final List<SocketChannel> clients = new ArrayList<>();
    private Room room;
    private int port;

    private void open(Balancer balancer) throws Exception {
        Balancers balancers = new Balancers(NamedWorker::of);
        balancers.set(_ -> balancer);
        room = new Room(balancers);
    }

    @AfterEach
    void close() throws Exception {
        for (SocketChannel client : clients) {
            client.close();
        }
        room.close();
    }

    private Room.Member listens(SlotListeners slot, boolean handoff) throws Exception {
        Room.Member member = room.join(slot);
        Grant grant = member.worker().mustListen(Room.tcp(0, handoff));
        port = grant.sockname().orElseThrow().getPort();
        // It begins after its answer.
        room.turn();
        return member;
    }

    private Room.Member listens() throws Exception {
        return listens(new SlotListeners(false), true);
    }

    /** A client of this number, which has an address of its own. */
    private SocketChannel connect(int client) throws Exception {
        SocketChannel channel = SocketChannel.open();
        clients.add(channel);
        String host = "127.0.%d.%d".formatted(1 + client / 250, 1 + client % 250);
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral(host), 0));
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return channel;
    }

    private FakeWorker served(int client) throws Exception {
        FakeWorker worker = room.servedBy(connect(client));
        room.settledAll();
        return worker;
    }

    /** The first client that this one gets, when all are free. */
    private int clientOf(Room.Member home) throws Exception {
        for (int client = 0; client < 100; client++) {
            if (served(client) == home.worker()) {
                return client;
            }
        }
        throw new AssertionError("nobody goes to " + home.filler());
    }

    private Arrival arrivalOf(SocketChannel client) throws Exception {
        Arrival next = room.arrival();
        try (Fd _ = next.connection()) {
            assertThat(next.client()).isEqualTo(Room.portOf(client));
        }
        return next;
    }

    // Who.

    @ParameterizedTest(name = "handoff={0}")
    @ValueSource(booleans = {true, false})
    void givenTurns_whenClientsConnect_thenNobodyHasTwoMoreThanAnother(boolean handoff)
            throws Exception {
        open(Balancer.roundRobin());
        List<FakeWorker> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(listens(new SlotListeners(false), handoff).worker());
        }

        List<FakeWorker> servers = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            servers.add(served(1));
        }

        assertThat(servers.subList(0, 3)).isEqualTo(all);
        assertThat(servers.subList(3, 6)).isEqualTo(all);
    }

    @ParameterizedTest(name = "handoff={0}")
    @ValueSource(booleans = {true, false})
    void givenSticky_whenClientsComeAgain_thenEachHasItsWorkerAndAllHaveSome(boolean handoff)
            throws Exception {
        open(Balancer.sticky());
        for (int i = 0; i < 3; i++) {
            listens(new SlotListeners(false), handoff);
        }

        Map<Integer, FakeWorker> homes = new HashMap<>();
        for (int client = 0; client < 30; client++) {
            homes.put(client, served(client));
        }

        assertThat(homes.values()).as("workers").contains(homes.get(0)).hasSize(30);
        assertThat(List.copyOf(homes.values()).stream().distinct()).hasSize(3);
        for (int client = 0; client < 30; client++) {
            assertThat(served(client)).as("client %d", client).isSameAs(homes.get(client));
        }
    }

    @Test
    void givenSticky_whenASlotHasASuccessor_thenItHasTheClientsOfTheOneBefore() throws Exception {
        open(Balancer.sticky());
        SlotListeners slot = new SlotListeners(0);
        Room.Member old = listens(slot, true);
        Room.Member other = listens(new SlotListeners(1), true);
        int client = clientOf(old);
        int others = clientOf(other);

        Room.Member next = listens(slot, true);
        FakeWorker meanwhile = served(client);
        room.leave(old);

        assertThat(meanwhile).as("while both are there").isSameAs(old.worker());
        assertThat(served(client)).isSameAs(next.worker());
        assertThat(served(others)).isSameAs(other.worker());
        room.onLoop(handles -> handles.close(slot));
        room.onLoop(handles -> handles.close(other.filler().slot()));
    }

    @Test
    void givenASlowStart_whenTimePasses_thenANewWorkerGetsMoreAndMore() throws Exception {
        open(Balancer.slowStart(Duration.ofSeconds(10), Balancer.roundRobin()));
        Room.Member old = listens();
        room.passes(Duration.ofSeconds(10));
        Room.Member fresh = listens();

        int cold = countOf(fresh, 33);
        room.passes(Duration.ofSeconds(5));
        countOf(fresh, 10);
        int warmer = countOf(fresh, 30);
        room.passes(Duration.ofSeconds(5));
        int warm = countOf(fresh, 30);

        assertThat(cold).isBetween(3, 4);
        assertThat(warmer).isBetween(9, 11);
        assertThat(warm).isBetween(14, 16);
        assertThat(old.worker()).isNotSameAs(fresh.worker());
    }

    private int countOf(Room.Member member, int connections) throws Exception {
        int count = 0;
        for (int i = 0; i < connections; i++) {
            count += served(1) == member.worker() ? 1 : 0;
        }
        return count;
    }

    @Test
    void givenSticky_whenClientsOfAUnixSocketConnect_thenWhoHasTheFewestGetsThem(
            @TempDir Path folder) throws Exception {
        open(Balancer.sticky());
        Path path = folder.resolve("socket");
        QueryServer query = Room.unix(path.toString());
        Room.Member one = room.join();
        one.worker().mustListen(query);
        servedAt(path);
        Room.Member other = room.join();
        other.worker().mustListen(query);

        assertThat(servedAt(path)).isSameAs(other.worker());
        assertThat(List.of(servedAt(path), servedAt(path)))
                .containsExactlyInAnyOrder(one.worker(), other.worker());
    }

    private FakeWorker servedAt(Path path) throws Exception {
        clients.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        Arrival next = room.arrival();
        next.connection().close();
        room.settledAll();
        return next.worker();
    }

    // Who waits.

    @ParameterizedTest(name = "handoff={0}")
    @ValueSource(booleans = {true, false})
    void givenAWorkerThatIsBusy_whenItsClientsCome_thenTheyWaitForItAndNobodyElseDoes(
            boolean handoff) throws Exception {
        open(Balancer.sticky());
        Room.Member slow = listens(new SlotListeners(false), handoff);
        Room.Member quick = listens(new SlotListeners(false), handoff);
        int its = clientOf(slow);
        int another = clientOf(quick);
        slow.worker().manner(Manner.HOLDS);
        Arrival held = arrivalOf(connect(its));

        SocketChannel waiting = connect(its);
        SocketChannel behind = connect(its);
        FakeWorker ofTheNext = served(another);
        FakeWorker ofTheLast = served(another);
        boolean early = room.hasArrivals();
        slow.worker().manner(Manner.TAKES);
        held.reply().say(true);

        assertThat(List.of(ofTheNext, ofTheLast)).containsOnly(quick.worker());
        assertThat(early).as("they have waited for it").isFalse();
        assertThat(room.servedBy(waiting)).isSameAs(slow.worker());
        assertThat(room.servedBy(behind)).isSameAs(slow.worker());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"handoff", "channel", "stopped"})
    void givenAWorkerThatDoesNotAnswer_whenItsClientsHaveWaited_thenOthersServeThem(String way)
            throws Exception {
        open(Balancer.sticky());
        boolean handoff = !way.equals("channel");
        Room.Member stalled = listens(new SlotListeners(false), handoff);
        Room.Member quick = listens(new SlotListeners(false), handoff);
        int its = clientOf(stalled);
        stalled.worker().manner(Manner.HOLDS);
        if (way.equals("stopped")) {
            stalled.worker().stall();
        }
        SocketChannel first = connect(its);
        room.turn();
        SocketChannel waiting = connect(its);
        room.turn();

        room.passes(RoundRobin.STALLED_AFTER.plusMillis(200));

        List<FakeWorker> servers = new ArrayList<>();
        if (way.equals("stopped")) {
            servers.add(room.servedBy(first));
        } else {
            arrivalOf(first);
        }
        servers.add(room.servedBy(waiting));
        servers.add(served(its, quick));
        assertThat(servers).as("nor does the next one wait").containsOnly(quick.worker());
        stalled.worker().manner(Manner.TAKES).resume();
    }

    private FakeWorker served(int client, Room.Member by) throws Exception {
        FakeWorker worker = room.servedBy(connect(client));
        room.settled(by);
        return worker;
    }

    /**
     * Two workers of a sticky address, one of which has not answered for a client.
     *
     * @param its a client that goes to that one
     * @param held what it has not answered for
     */
    private record Busy(Room.Member slow, Room.Member quick, int its, Arrival held) {
        void goesOn() throws Exception {
            slow.worker().manner(Manner.TAKES);
            held.reply().say(true);
        }
    }

    private Busy oneIsBusy() throws Exception {
        open(Balancer.sticky());
        Room.Member slow = listens();
        Room.Member quick = listens();
        int its = clientOf(slow);
        slow.worker().manner(Manner.HOLDS);
        return new Busy(slow, quick, its, arrivalOf(connect(its)));
    }

    @Test
    void givenAWorkerThatAnswersSlowly_whenItsClientHasWaited_thenAnotherServesIt()
            throws Exception {
        Busy busy = oneIsBusy();
        SocketChannel second = connect(busy.its());
        room.turn();
        SocketChannel third = connect(busy.its());
        room.turn();

        room.passes(Duration.ofMillis(300));
        busy.held().reply().say(true);
        Arrival held = arrivalOf(second);
        room.passes(Duration.ofMillis(300));

        assertThat(held.worker()).isSameAs(busy.slow().worker());
        assertThat(room.servedBy(third)).isSameAs(busy.quick().worker());
        busy.slow().worker().manner(Manner.TAKES);
        held.reply().say(true);
    }

    @Test
    void givenAWorkerThatLeaves_whenClientsWaitForIt_thenOthersServeThemAtOnceInTheirOrder()
            throws Exception {
        Busy busy = oneIsBusy();
        List<SocketChannel> waiting =
                List.of(connect(busy.its()), connect(busy.its()), connect(busy.its()));
        room.turn();

        room.onLoop(handles -> handles.leaveShared(busy.slow().filler(), () -> {}));

        for (SocketChannel client : waiting) {
            assertThat(room.servedBy(client)).isSameAs(busy.quick().worker());
        }
        busy.held().reply().say(true);
    }

    @Test
    void givenAWorkerThatIsBusy_whenVeryManyOfItsClientsCome_thenThoseBeyondItsPartGoToOthers()
            throws Exception {
        Busy busy = oneIsBusy();
        int part = Acceptor.MAX_WAITING / 2 / 2;

        for (int i = 0; i < part; i++) {
            connect(busy.its());
        }
        room.turn();
        boolean early = room.hasArrivals();
        FakeWorker beyond = served(busy.its(), busy.quick());

        assertThat(early).isFalse();
        assertThat(beyond).isSameAs(busy.quick().worker());
        busy.goesOn();
        for (int i = 0; i < part; i++) {
            Arrival next = room.arrival();
            next.connection().close();
            assertThat(next.worker()).isSameAs(busy.slow().worker());
        }
    }

    /** SPEC F5: who waits for one of the workers has connected before the end. */
    @Test
    void givenAClientThatWaits_whenTheAddressTakesNoMore_thenItIsNotAtRestBeforeItIsServed()
            throws Exception {
        Busy busy = oneIsBusy();
        SocketChannel waiting = connect(busy.its());
        room.turn();
        List<String> told = new ArrayList<>();

        room.onLoop(
                handles -> {
                    handles.takeNoMore();
                    handles.leaveShared(busy.quick().filler(), () -> told.add("quick"));
                });
        room.passes(LastCall.HANDSHAKES_MAY_TAKE.multipliedBy(2));
        room.passes(LastCall.HANDSHAKES_MAY_TAKE);
        boolean early = !told.isEmpty();
        busy.goesOn();
        FakeWorker server = room.servedBy(waiting);

        assertThat(early).isFalse();
        assertThat(server).isSameAs(busy.slow().worker());
    }

    // What is asked, and told.

    @Test
    void givenBalancersThatDoNotAskWhoItIs_whenClientsConnect_thenNoCallIsMadeForIt()
            throws Exception {
        for (Balancer balancer :
                List.of(
                        Balancer.leastConnections(),
                        Balancer.roundRobin(),
                        Balancer.slowStart(Duration.ofSeconds(1), Balancer.leastConnections()))) {
            open(balancer);
            assertThat(addressesAskedFor(3)).isZero();
            room.close();
        }
        open(Balancer.sticky());

        assertThat(addressesAskedFor(3)).isEqualTo(3);
    }

    private long addressesAskedFor(int connections) throws Exception {
        listens();
        listens();
        try (FailingKernel kernel = FailingKernel.of(room.thread())) {
            kernel.fail(0, 0);
            for (int i = 0; i < connections; i++) {
                served(i);
            }
            return kernel.calls().stream().filter("getpeername"::equals).count();
        }
    }

    @ParameterizedTest(name = "handoff={0}")
    @ValueSource(booleans = {true, false})
    void givenABalancer_whenConnectionsComeAndGo_thenItIsToldWhatWorkersSay(boolean handoff)
            throws Exception {
        List<String> told = new ArrayList<>();
        open(new Telling(told));
        Room.Member one = listens(new SlotListeners(false), handoff);

        served(1);
        served(1);
        if (handoff) {
            one.worker().sayClosed(1);
            one.worker().sayClosed(7);
        }
        room.settled(one);
        one.worker().manner(Manner.REFUSES);
        SocketChannel refused = connect(1);
        room.servedBy(refused);
        room.settled(one);
        Room.Member other = listens(new SlotListeners(false), handoff);
        while (room.servedBy(refused) != other.worker()) {
            // The one that refuses is asked again after its pause.
            room.turn();
        }
        room.settled(other);
        room.leave(one);

        List<String> ofOne =
                handoff
                        ? List.of("1 taken", "1 taken", "1 done 1", "1 done 1", "2 taken", "1 left")
                        : List.of("1 taken", "1 taken", "2 taken", "1 left");
        assertThat(told).isEqualTo(ofOne);
    }

    /** Always the last one that is free. */
    private record Telling(List<String> told) implements Balancer {
        @Override
        public Candidate choose(Connection connection, List<Candidate> candidates) {
            return candidates.stream().filter(Candidate::isFree).toList().getLast();
        }

        @Override
        public void taken(Candidate by) {
            told.add(by.worker().id() + " taken");
        }

        @Override
        public void done(Candidate of, int connections) {
            told.add(of.worker().id() + " done " + connections);
        }

        @Override
        public void left(Candidate candidate) {
            told.add(candidate.worker().id() + " left");
        }
    }

    @Test
    void givenABalancer_whenAsked_thenItSeesWhoThereIsAndWhoseTheConnectionIs() throws Exception {
        List<String> seen = new ArrayList<>();
        open(
                (connection, candidates) -> {
                    seen.add(connection.peer().orElseThrow().getAddress().getHostAddress());
                    candidates.forEach(
                            each ->
                                    seen.add(
                                            "%d of %s open %s"
                                                    .formatted(
                                                            each.worker().id(),
                                                            each.slot(),
                                                            each.connections())));
                    return candidates.getFirst();
                });
        SlotListeners slot = new SlotListeners(4);
        listens(slot, true);
        listens(new SlotListeners(false), false);

        served(0);
        served(0);

        assertThat(seen)
                .containsExactly(
                        "127.0.1.1",
                        "1 of OptionalInt[4] open OptionalInt[0]",
                        "2 of OptionalInt.empty open OptionalInt.empty",
                        "127.0.1.1",
                        "1 of OptionalInt[4] open OptionalInt[1]",
                        "2 of OptionalInt.empty open OptionalInt.empty");
        room.onLoop(handles -> handles.close(slot));
    }

    @Test
    void givenABalancerThatThrows_whenClientsConnect_thenAllAreServedAsByDefault()
            throws Exception {
        open(
                (connection, candidates) -> {
                    throw new IllegalStateException("broken on purpose");
                });
        Room.Member one = listens();
        Room.Member other = listens();

        assertThat(List.of(served(1), served(1), served(1), served(1)))
                .containsExactly(one.worker(), other.worker(), one.worker(), other.worker());
    }

    /** Nobody knows who it was, and the next one is served all the same. */
    @Test
    void givenAClientThatIsGone_whenItsAddressIsAskedFor_thenThereIsNone() throws Exception {
        open(Balancer.roundRobin());
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        Fd unconnected = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);
        try (Fd one = pair[0];
                Fd _ = pair[1];
                unconnected) {
            assertThat(new Client(one, 0).peer()).as("a Unix socket").isEmpty();
            assertThat(new Client(unconnected, 0).peer()).as("ENOTCONN").isEmpty();
        }
    }
}
