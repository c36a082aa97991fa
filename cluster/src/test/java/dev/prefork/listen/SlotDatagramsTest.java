package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AddressType;
import dev.prefork.SchedulingPolicy;
import dev.prefork.ipc.Handle;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Errno;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.Grant;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A socket for datagrams for each slot (SPEC D4), and which of them gets what somebody sends. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class SlotDatagramsTest {
    private static final int SENDERS = 40;

    /** What a filler has of it. */
    private record Bound(Lane lane, Fd fd) {}

    private final List<DatagramChannel> senders = new ArrayList<>();
    private final List<Bound> bound = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final QueryServer query =
            Room.query(ListenAddress.of(Optional.of("127.0.0.1"), 0, AddressType.UDP4), 0, false);
    private ListenSocket first;
    private SlotDatagrams spread;

    @BeforeEach
    void open() throws Exception {
        first = ListenSocket.openFirst(query.address(), query.wishes());
        spread = new SlotDatagrams((_, task) -> later.add(task), "key", first, query.wishes());
        for (int i = 0; i < SENDERS; i++) {
            senders.add(DatagramChannel.open());
        }
    }

    @AfterEach
    void close() throws Exception {
        spread.close();
        first.close();
        bound.forEach(each -> each.fd().close());
        for (DatagramChannel sender : senders) {
            sender.close();
        }
    }

    private Bound join(SlotListeners slot) throws Exception {
        Lane lane = spread.open(new Filler(1, "worker", slot, null), false);
        Handle granted = lane.grantHandle().orElseThrow();
        Bound filler = new Bound(lane, granted.fd());
        bound.add(filler);
        assertThat(lane.way()).isEqualTo(Grant.Way.SHARED);
        assertThat(granted.type()).isEqualTo(Handle.DGRAM_NATIVE);
        spread.begin(lane);
        return filler;
    }

    /** A datagram of each. */
    private void send() throws Exception {
        InetSocketAddress all = first.sockname().orElseThrow();
        for (DatagramChannel sender : senders) {
            sender.send(ByteBuffer.allocate(1), all);
        }
    }

    /** How many datagrams each of these finds. */
    private static Map<Bound, Integer> read(Bound... fillers) throws Exception {
        Map<Bound, Integer> found = new HashMap<>();
        for (Bound filler : fillers) {
            while (Sockets.isReadable(filler.fd().number())) {
                assertThat(Descriptors.readByte(filler.fd().number())).isTrue();
                found.merge(filler, 1, Integer::sum);
            }
        }
        return found;
    }

    @Test
    void givenOneFiller_thenItGetsAll() throws Exception {
        Bound only = join(new SlotListeners(true));

        send();

        assertThat(read(only)).containsEntry(only, SENDERS);
    }

    @Test
    void givenTwoSlots_thenEachGetsSomeAndAlwaysTheSame() throws Exception {
        Bound one = join(new SlotListeners(true));
        Bound other = join(new SlotListeners(true));

        send();
        Map<Bound, Integer> before = read(one, other);
        send();

        assertThat(before).containsOnlyKeys(one, other);
        assertThat(before.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(SENDERS);
        assertThat(read(one, other)).isEqualTo(before);
    }

    @Test
    void givenASlotWhoseFillerIsGone_thenTheOtherGetsAllAndItsSuccessorWhatWasInTheQueue()
            throws Exception {
        SlotListeners slot = new SlotListeners(true);
        Bound before = join(slot);
        Bound other = join(new SlotListeners(true));
        send();

        spread.end(before.lane());
        Map<Bound, Integer> otherHas = read(other);
        send();
        assertThat(read(other)).containsEntry(other, SENDERS);

        Bound after = join(slot);
        assertThat(read(after)).containsEntry(after, SENDERS - otherHas.get(other));
        send();
        assertThat(read(other)).isEqualTo(otherHas);
    }

    @Test
    void givenThatNothingCanBeSteered_whenAFillerIsGone_thenItIsTriedAgain() throws Exception {
        Bound gone = join(new SlotListeners(true));
        Bound other = join(new SlotListeners(true));
        try (FailingKernel kernel = FailingKernel.ofThisThread()) {
            kernel.failAlso("setsockopt", Errno.ENOMEM);
            spread.end(gone.lane());
            later.removeFirst().run();
            assertThat(later).hasSize(1);
        }

        later.removeFirst().run();

        assertThat(later).isEmpty();
        send();
        assertThat(read(other)).containsEntry(other, SENDERS);
    }

    @Test
    void givenThatNothingCanBeSteered_whenItIsClosed_thenItIsNotTriedAgain() throws Exception {
        Bound gone = join(new SlotListeners(true));
        join(new SlotListeners(true));
        try (FailingKernel kernel = FailingKernel.ofThisThread()) {
            kernel.failAlso("setsockopt", Errno.ENOMEM);
            spread.end(gone.lane());
            spread.close();
            kernel.fail(0, Errno.ENOMEM);

            later.removeFirst().run();

            assertThat(kernel.calls()).isEmpty();
        }
    }

    @Test
    void givenAThirdSlot_thenNobodyMovesButToIt() throws Exception {
        Bound one = join(new SlotListeners(true));
        Bound other = join(new SlotListeners(true));
        send();
        Map<Bound, Integer> before = read(one, other);
        Bound third = join(new SlotListeners(true));
        send();
        Map<Bound, Integer> after = read(one, other, third);

        assertThat(after.get(one)).isLessThanOrEqualTo(before.get(one));
        assertThat(after.get(other)).isLessThanOrEqualTo(before.get(other));
        assertThat(after).containsKey(third);
    }

    /** In a reload they are two for a moment. */
    @Test
    void givenTwoFillersOfASlot_whenOneIsGone_thenTheSlotIsServed() throws Exception {
        SlotListeners slot = new SlotListeners(true);
        Bound old = join(slot);
        Bound other = join(new SlotListeners(true));
        Bound next = join(slot);

        spread.end(old.lane());
        send();

        assertThat(read(next, other)).containsOnlyKeys(next, other);
    }

    /** Workers of no slot come and go, and sockets cannot be closed. */
    @Test
    void givenWorkersThatComeAndGo_thenTheirSocketsAreUsedAgain() throws Exception {
        join(new SlotListeners(false));
        List<Integer> descriptors = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Bound guest = join(new SlotListeners(false));
            spread.end(guest.lane());
            bound.remove(guest);
            guest.fd().close();
            descriptors.add(NothingLeft.descriptors().size());
        }

        assertThat(descriptors).containsOnly(descriptors.getFirst());
    }

    /** Which policy has it, and for what. */
    @ParameterizedTest
    @EnumSource(SchedulingPolicy.class)
    void givenAPolicy_whenTwoWorkersBind_thenTheyAreGrantedASocketEach(SchedulingPolicy policy)
            throws Exception {
        try (Room room = new Room(policy)) {
            assertThat(sockets(room)).as("of the first").isOne();
            assertThat(sockets(room))
                    .as("of the second")
                    .isEqualTo(policy == SchedulingPolicy.REUSE_PORT ? 1 : 0);
        }
    }

    /** Has a worker bind; how many descriptors more there are then. */
    private int sockets(Room room) throws Exception {
        Room.Member member = room.join();
        int before = NothingLeft.descriptors().size();
        assertThat(member.worker().mustListen(query).way()).isEqualTo(Grant.Way.SHARED);
        room.settled(member);
        return NothingLeft.descriptors().size() - before;
    }

    /** As programs that join a multicast group do: each socket would get a copy. */
    @Test
    void givenAnAddressThatOthersMayHaveToo_thenTheyShareOneSocket() throws Exception {
        QueryServer reuse =
                new QueryServer(
                        query.address(),
                        0,
                        new QueryServer.Wishes(false, true, 0, false, false),
                        null,
                        false);
        try (Room room = new Room(SchedulingPolicy.REUSE_PORT)) {
            Room.Member one = room.join();
            Room.Member other = room.join();
            int before = NothingLeft.descriptors().size();
            one.worker().mustListen(reuse);
            room.settled(one);
            int alone = NothingLeft.descriptors().size();
            other.worker().mustListen(reuse);
            room.settled(other);

            assertThat(alone).isEqualTo(before + 1);
            assertThat(NothingLeft.descriptors()).hasSize(alone);
        }
    }
}
