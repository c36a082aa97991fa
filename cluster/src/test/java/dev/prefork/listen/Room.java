package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AcceptShortage;
import dev.prefork.AddressType;
import dev.prefork.Message;
import dev.prefork.SchedulingPolicy;
import dev.prefork.ipc.Receipt;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.Act;
import dev.prefork.wire.Close;
import dev.prefork.wire.ClusterLink;
import dev.prefork.wire.ClusterLink.Asked;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A primary's listening addresses on a loop of their own, and the fake workers that use them. */
final class Room implements AutoCloseable {
    /** A worker, and what the primary has of it. */
    record Member(FakeWorker worker, Filler filler, CompletableFuture<Void> channelClosed) {}

    private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final BlockingQueue<AcceptShortage> shortages = new LinkedBlockingQueue<>();
    private final List<Member> members = new ArrayList<>();
    private final List<SocketChannel> clients = new ArrayList<>();
    private final AtomicLong aheadNanos = new AtomicLong();
    private final EventLoop loop;
    private final Thread thread;
    private final ListenHandles handles;
    private int lastWorker;

    Room(SchedulingPolicy policy) throws Exception {
        this(policy, HandoffRoom.ofThisProcess());
    }

    Room(SchedulingPolicy policy, HandoffRoom lanes) throws Exception {
        this(policy, lanes, Balancing.ByAddress.DEFAULT);
    }

    /** Under ROUND_ROBIN, balanced as is said. */
    Room(Balancing.ByAddress balancings) throws Exception {
        this(SchedulingPolicy.ROUND_ROBIN, HandoffRoom.ofThisProcess(), balancings);
    }

    private Room(SchedulingPolicy policy, HandoffRoom lanes, Balancing.ByAddress balancings)
            throws Exception {
        this.loop =
                EventLoop.open(
                        faults::add, faults::add, () -> System.nanoTime() + aheadNanos.get());
        this.thread = Thread.ofPlatform().name("room").daemon().start(loop);
        this.handles = new ListenHandles(loop, policy, balancings, lanes, shortages::add);
    }

    static QueryServer tcp(int port, boolean handoff) {
        return query(
                ListenAddress.of(Optional.of("127.0.0.1"), port, AddressType.TCP4), 0, handoff);
    }

    static QueryServer unix(String path) {
        return query(ListenAddress.of(Optional.of(path), -1, AddressType.UNIX), 0, true);
    }

    static QueryServer query(ListenAddress address, int index, boolean handoff) {
        return new QueryServer(address, index, QueryServer.Wishes.NONE, null, handoff);
    }

    /** A worker of no slot. */
    Member join() throws Exception {
        return join(new SlotListeners(false));
    }

    Member join(SlotListeners slot) throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        Near near = new Near();
        onLoop(
                _ -> {
                    try {
                        near.link = ClusterLink.open(loop, pair[0], near);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    lastWorker++;
                    near.filler = new Filler(lastWorker, "worker " + lastWorker, slot, near.link);
                });
        FakeWorker worker = new FakeWorker(pair[1], arrivals);
        Member member = new Member(worker, near.filler, near.closed);
        members.add(member);
        return member;
    }

    private final class Near implements ClusterLink.Peer {
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private ClusterLink link;
        private Filler filler;

        @Override
        public void message(Message message, Receipt receipt) {
            receipt.done();
        }

        @Override
        public void act(Act act, Asked asked, Optional<Fd> handle, Receipt receipt) {
            receipt.done();
            if (act instanceof QueryServer query) {
                handles.listen(filler, query, asked);
            } else if (act instanceof Close(String key, boolean leaving)) {
                if (leaving) {
                    handles.leave(filler, key);
                } else {
                    handles.close(filler, key);
                }
            }
        }

        @Override
        public void error(Exception problem) {
            // The end of the channel tells the same.
        }

        @Override
        public void disconnected() {
            handles.channelClosed(filler);
            closed.complete(null);
        }
    }

    Thread thread() {
        return thread;
    }

    EventLoop loop() {
        return loop;
    }

    /** Runs it on the loop's thread, after all that was handed in before, and waits for it. */
    void onLoop(Consumer<ListenHandles> task) throws Exception {
        CompletableFuture.runAsync(() -> task.accept(handles), loop)
                .get(FakeWorker.DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** The worker is gone, and the primary has heard of it by its channel. */
    void channelCloses(Member member) throws Exception {
        member.worker().die();
        member.channelClosed().get(FakeWorker.DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** The worker is gone altogether. */
    void leave(Member member) throws Exception {
        members.remove(member);
        member.worker().close();
        member.channelClosed().get(FakeWorker.DEADLINE_SECONDS, TimeUnit.SECONDS);
        onLoop(all -> all.processEnded(member.filler()));
    }

    /** Once the primary has read all that the worker has said. */
    void settled(Member member) throws Exception {
        // An answer is behind all that was said before; of an address that nobody can open.
        member.worker().listen(unix("\0"));
    }

    /** As {@link #settled}, of all who are here. */
    void settledAll() throws Exception {
        for (Member member : members) {
            settled(member);
        }
    }

    /** Puts the clock of the primary forward: what would be due by then is done. */
    void passes(Duration time) throws Exception {
        aheadNanos.addAndGet(time.toNanos());
        turn();
    }

    /** Every descriptor that was ready before has had its turn. */
    void turn() throws Exception {
        onLoop(_ -> {});
        // What was ready with the first task is looked at before the second one runs.
        onLoop(_ -> {});
    }

    boolean isEmpty() throws Exception {
        boolean[] empty = new boolean[1];
        onLoop(all -> empty[0] = all.isEmpty());
        return empty[0];
    }

    /** A client's connection, closed with the room. */
    SocketChannel connect(int port) throws Exception {
        SocketChannel client =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        clients.add(client);
        return client;
    }

    static int portOf(SocketChannel client) throws Exception {
        return ((InetSocketAddress) client.getLocalAddress()).getPort();
    }

    /** The next connection that a worker was handed. */
    Arrival arrival() throws Exception {
        Arrival next = arrivals.poll(FakeWorker.DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("a connection at a worker; faults %s", faults).isNotNull();
        return next;
    }

    /** The next connection that a worker was handed, if there is one by now. */
    Optional<Arrival> arrivalByNow() {
        return Optional.ofNullable(arrivals.poll());
    }

    /** The next connection, which must be this client's; our copy of it is closed. */
    FakeWorker servedBy(SocketChannel client) throws Exception {
        Arrival next = arrival();
        try (Fd _ = next.connection()) {
            assertThat(next.client()).as("client").isEqualTo(portOf(client));
        }
        return next.worker();
    }

    /** What was told of it so far. */
    List<AcceptShortage> shortages() {
        return List.copyOf(shortages);
    }

    boolean hasArrivals() {
        return !arrivals.isEmpty();
    }

    @Override
    public void close() {
        try {
            for (Member member : List.copyOf(members)) {
                leave(member);
            }
            assertThat(isEmpty()).as("no address is open").isTrue();
            for (SocketChannel client : clients) {
                client.close();
            }
            loop.close();
            thread.join();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        arrivals.forEach(left -> left.connection().close());
        assertThat(faults).isEmpty();
    }
}
