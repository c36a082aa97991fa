package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.listen.FakeWorker.Manner;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.NothingLeft;
import dev.prefork.wire.Grant;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One address, workers and clients, and what is to be true of them after each step: nobody who has
 * connected is dropped while somebody listens or is promised, nobody reaches a worker after another
 * has taken it, and in the end everybody is served and nothing is open.
 */
final class Simulation {
    private static final int MOST_WORKERS = 5;
    private static final int SOME_ERRNOS = 4;

    /** A worker, as this knows it. */
    private static final class Known {
        final Room.Member member;
        final boolean ofSlot;
        String key = "";
        boolean isStalled;
        boolean isLeaving;
        boolean channelIsClosed;
        boolean processHasEnded;

        Known(Room.Member member, boolean ofSlot) {
            this.member = member;
            this.ofSlot = ofSlot;
        }

        FakeWorker worker() {
            return member.worker();
        }

        boolean canAct() {
            return !isStalled && !channelIsClosed && !worker().isDisconnected();
        }

        boolean listens() {
            return !key.isEmpty() && !channelIsClosed && !processHasEnded && !isLeaving;
        }
    }

    private final Room room;
    private final FailingKernel kernel;
    private final SlotListeners slot = new SlotListeners(true);
    private final List<Known> workers = new ArrayList<>();
    private final Map<Integer, SocketChannel> unserved = new HashMap<>();
    private final Set<Integer> served = new HashSet<>();
    private final List<Arrival> held = new ArrayList<>();
    private int port;

    /** Whether the slot has listened, and nothing has ended that. */
    private boolean slotKeeps;

    /** Whether a call has failed: then nobody knows who was lost by it, but for the slot. */
    private boolean hasFailed;

    private Simulation(Room room, FailingKernel kernel) {
        this.room = room;
        this.kernel = kernel;
    }

    /**
     * Does all steps, and the end.
     *
     * @param balancings who gets what
     * @throws AssertionError if something is not as it is to be
     */
    static void run(List<Step> history, Balancing.ByAddress balancings) throws Exception {
        Map<Integer, String> before = NothingLeft.descriptors();
        Room room = new Room(balancings);
        try (room;
                FailingKernel kernel = FailingKernel.of(room.thread())) {
            kernel.excluding("epoll_pwait", "epoll_ctl").fail(0, 0);
            Simulation simulation = new Simulation(room, kernel);
            boolean ended = false;
            try {
                for (Step step : history) {
                    simulation.apply(step);
                    simulation.check();
                }
                simulation.end();
                ended = true;
            } finally {
                simulation.release(ended);
            }
        }
        assertThat(NothingLeft.descriptors()).as("descriptors").isEqualTo(before);
    }

    // What happens.

    private void apply(Step step) throws Exception {
        int number = step.number();
        switch (step.kind()) {
            case JOIN -> join(number);
            case LISTEN ->
                    one(number, known -> known.canAct() && isFresh(known)).ifPresent(this::listen);
            case CONNECT -> connect();
            case CLOSE_SERVER ->
                    one(number, known -> known.canAct() && known.listens())
                            .ifPresent(this::closeServer);
            case CLOSE_SERVER_AT_ITS_END ->
                    one(number, known -> known.canAct() && known.listens())
                            .ifPresent(
                                    known -> {
                                        known.worker().closeServerAtItsEnd(known.key);
                                        known.isLeaving = true;
                                    });
            case TOLD_TO_LEAVE -> {
                Optional<Known> leaver =
                        one(number, known -> known.listens() && isNotTheLast(known));
                if (leaver.isPresent()) {
                    room.onLoop(all -> all.leaveShared(leaver.get().member.filler(), () -> {}));
                    leaver.get().isLeaving = true;
                }
            }
            case CHANNEL_CLOSES -> {
                Optional<Known> dying = one(number, known -> !known.channelIsClosed);
                if (dying.isPresent()) {
                    closeChannel(dying.get());
                }
            }
            case PROCESS_ENDS -> {
                Optional<Known> dying = one(number, known -> !known.processHasEnded);
                if (dying.isPresent()) {
                    endProcess(dying.get());
                }
            }
            case STALL -> {
                Optional<Known> stalling = one(number, Known::canAct);
                if (stalling.isPresent()) {
                    stalling.get().worker().stall();
                    stalling.get().isStalled = true;
                }
            }
            case RESUME -> one(number, known -> known.isStalled).ifPresent(Simulation::resume);
            case TAKE ->
                    one(number, _ -> true).ifPresent(known -> known.worker().manner(Manner.TAKES));
            case REFUSE ->
                    one(number, _ -> true)
                            .ifPresent(known -> known.worker().manner(Manner.REFUSES));
            case HOLD ->
                    one(number, _ -> true).ifPresent(known -> known.worker().manner(Manner.HOLDS));
            case ANSWER -> answer(number);
            case SAY_CLOSED -> {
                Optional<Known> saying = one(number, Known::canAct);
                if (saying.isPresent()) {
                    saying.get().worker().sayClosed(number % 7 - 1);
                }
            }
            case SETTLE_SLOT -> {
                room.onLoop(all -> all.settle(slot));
                slotKeeps &=
                        !hasFailed
                                && workers.stream()
                                        .anyMatch(known -> known.ofSlot && known.listens());
            }
            case TIME_PASSES ->
                    room.passes(Duration.ofMillis(List.of(10, 60, 300, 600, 1100).get(number % 5)));
            case CALL_FAILS -> {
                hasFailed = true;
                kernel.fail(1 + number % 9, FailingKernel.ERRNOS.get(number % SOME_ERRNOS));
            }
            case LOOP_TURNS -> room.turn();
        }
    }

    private Optional<Known> one(int number, Predicate<Known> which) {
        List<Known> those = workers.stream().filter(which).toList();
        return those.isEmpty() ? Optional.empty() : Optional.of(those.get(number % those.size()));
    }

    private static boolean isFresh(Known known) {
        return known.key.isEmpty() && !known.isLeaving && !known.processHasEnded;
    }

    private boolean isNotTheLast(Known leaver) {
        return slotKeeps || workers.stream().anyMatch(known -> known != leaver && known.listens());
    }

    private void join(int number) throws Exception {
        if (workers.size() < MOST_WORKERS) {
            boolean ofSlot =
                    number % 2 == 0
                            && workers.stream()
                                    .noneMatch(known -> known.ofSlot && !known.isLeaving);
            try {
                Room.Member member = ofSlot ? room.join(slot) : room.join();
                workers.add(new Known(member, ofSlot));
            } catch (Exception noRoom) {
                assertThat(hasFailed).as("%s", noRoom).isTrue();
            }
        }
    }

    private void listen(Known known) {
        try {
            Optional<Grant> grant = known.worker().tryToListen(Room.tcp(0, true));
            if (grant.isPresent() && grant.get().errno() == 0) {
                known.key = grant.get().key();
                port = grant.get().sockname().orElseThrow().getPort();
                slotKeeps |= known.ofSlot;
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void connect() throws Exception {
        if (isKept()) {
            SocketChannel client = room.connect(port);
            client.configureBlocking(false);
            unserved.put(Room.portOf(client), client);
        }
    }

    private void closeServer(Known known) {
        known.worker().closeServer(known.key);
        known.key = "";
        // Whoever was to come after it finds nothing, and it itself would have to ask anew.
        known.isLeaving = true;
        slotKeeps &= !known.ofSlot;
    }

    private static void resume(Known known) {
        known.worker().resume();
        known.isStalled = false;
    }

    private void closeChannel(Known known) throws Exception {
        resume(known);
        room.channelCloses(known.member);
        known.channelIsClosed = true;
        takeStock();
        for (Arrival arrival : List.copyOf(held)) {
            if (arrival.worker() == known.worker()) {
                held.remove(arrival);
                arrival.connection().close();
            }
        }
        removeIfGone(known);
    }

    private void endProcess(Known known) throws Exception {
        room.onLoop(all -> all.processEnded(known.member.filler()));
        known.processHasEnded = true;
        removeIfGone(known);
    }

    private void removeIfGone(Known known) {
        if (known.channelIsClosed && known.processHasEnded) {
            workers.remove(known);
        }
    }

    private void answer(int number) throws Exception {
        takeStock();
        if (held.isEmpty()) {
            return;
        }
        Arrival arrival = held.get(number % held.size());
        Known known =
                workers.stream()
                        .filter(each -> each.worker() == arrival.worker())
                        .findAny()
                        .orElseThrow();
        if (!known.canAct()) {
            return;
        }
        held.remove(arrival);
        boolean taken = number % 2 == 0;
        if (taken) {
            serve(arrival);
        }
        arrival.connection().close();
        arrival.reply().say(taken);
    }

    // What is to be true.

    private void check() throws Exception {
        takeStock();
        if (!isKept()) {
            // Who waits has nobody to wait for.
            unserved.clear();
        }
        for (SocketChannel client : unserved.values()) {
            assertThat(client.read(ByteBuffer.allocate(1))).as("a client is dropped").isZero();
        }
        if (slotKeeps) {
            assertThat(room.isEmpty()).as("a promised address is closed").isFalse();
        }
    }

    private boolean isKept() {
        return slotKeeps || (!hasFailed && workers.stream().anyMatch(Known::listens));
    }

    /** What has arrived by now. */
    private void takeStock() throws Exception {
        for (Optional<Arrival> next = room.arrivalByNow();
                next.isPresent();
                next = room.arrivalByNow()) {
            Arrival arrival = next.get();
            assertThat(served).as("taken by another before").doesNotContain(arrival.client());
            switch (arrival.manner()) {
                case TAKES -> {
                    serve(arrival);
                    arrival.connection().close();
                }
                case REFUSES -> arrival.connection().close();
                case HOLDS -> held.add(arrival);
            }
        }
    }

    private void serve(Arrival arrival) throws Exception {
        served.add(arrival.client());
        unserved.remove(arrival.client());
    }

    // The end.

    /** All are well again, and somebody listens: everybody is served. */
    private void end() throws Exception {
        kernel.fail(0, 0);
        boolean kept = isKept();
        for (Known known : List.copyOf(workers)) {
            resume(known);
            known.worker().manner(Manner.TAKES);
            if (known.worker().isDisconnected() && !known.channelIsClosed) {
                closeChannel(known);
            }
            if (known.channelIsClosed && !known.processHasEnded) {
                endProcess(known);
            }
        }
        takeStock();
        List.copyOf(held).forEach(this::takeAtLast);
        if (kept) {
            Grant grant = room.join().worker().mustListen(Room.tcp(0, true));
            assertThat(grant.sockname().orElseThrow().getPort()).isEqualTo(port);
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!unserved.isEmpty()) {
                assertThat(System.nanoTime()).as("%s wait for ever", unserved).isLessThan(deadline);
                room.passes(Duration.ofMillis(300));
                takeStock();
                List.copyOf(held).forEach(this::takeAtLast);
            }
        }
    }

    private void takeAtLast(Arrival arrival) {
        try {
            held.remove(arrival);
            serve(arrival);
            arrival.connection().close();
            arrival.reply().say(true);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** So that the room can be closed, and says so itself if it cannot. */
    private void release(boolean ended) throws Exception {
        kernel.fail(0, 0);
        workers.forEach(Simulation::resume);
        held.forEach(arrival -> arrival.connection().close());
        if (!ended) {
            for (Known known : List.copyOf(workers)) {
                known.worker().manner(Manner.TAKES);
            }
        }
        room.onLoop(all -> all.close(slot));
    }
}
