package dev.prefork.listen;

import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Fd;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * Each goes the way that a {@link Balancing} chooses. It is asked when a lane is free; whose lane
 * is busy waits for it in a line of its own, so that those behind do not wait as well.
 *
 * <pre>
 *   waits in the acceptor, or asks again ── chosen, free ──▶ taken
 *      ▲                                 └── chosen, busy ──▶ in line ── the lane is free ──▶ taken
 *      └─── the lane is gone or stalled, or the client's {@link #PATIENCE} is over ──┘
 * </pre>
 *
 * <p>When its patience is over it goes to one that is free. All lines together have half of the
 * room for those that wait, each an equal part of it.
 */
final class Balanced<C> implements Matching {
    /** For so long a client waits for the lanes that are chosen, all together. */
    static final Duration PATIENCE = RoundRobin.STALLED_AFTER;

    private static final int ROOM_FOR_LINES = Acceptor.MAX_WAITING / 2;

    private final EventLoop loop;
    private final Acceptor acceptor;
    private final Chooser chooser;
    private final Balancing<C> balancing;
    private final Map<FedLane, Line> lines = new LinkedHashMap<>();

    /** Those that waited in a line for nothing: before all others. */
    private final PriorityQueue<Client> again = new PriorityQueue<>(Client::byAge);

    private final List<Line> offered = new ArrayList<>();
    private final List<C> candidates = new ArrayList<>();
    private final List<C> unmodifiable = Collections.unmodifiableList(candidates);
    private Optional<Line> matched = Optional.empty();

    Balanced(EventLoop loop, Acceptor acceptor, Chooser chooser, Balancing<C> balancing) {
        this.loop = loop;
        this.acceptor = acceptor;
        this.chooser = chooser;
        this.balancing = balancing;
    }

    /** A lane, and who waits for it. */
    private final class Line implements Balancing.Facts {
        final FedLane lane;
        final ArrayDeque<Client> clients = new ArrayDeque<>();

        /** The last one that went this way. */
        Optional<Client> handed = Optional.empty();

        final long sinceNanos = loop.nanoTime();
        final C candidate;

        Line(FedLane lane) {
            this.lane = lane;
            this.candidate = balancing.joins(this);
        }

        /** Whether it reacts, as far as one knows. */
        boolean isBusy() {
            return lane.isActive()
                    && !lane.underWay().isEmpty()
                    && !lane.underWay().isOlderThan(RoundRobin.STALLED_AFTER);
        }

        boolean hasRoom() {
            return clients.size() < ROOM_FOR_LINES / lines.size();
        }

        @Override
        public int worker() {
            return lane.filler().worker();
        }

        @Override
        public OptionalInt slot() {
            return lane.filler().slot().number();
        }

        @Override
        public OptionalInt open() {
            int open = lane.open();
            return open == FedLane.UNTOLD ? OptionalInt.empty() : OptionalInt.of(open);
        }

        @Override
        public boolean isFree() {
            return chooser.isFree(lane);
        }

        @Override
        public Duration listeningFor() {
            return Duration.ofNanos(loop.nanoTime() - sinceNanos);
        }
    }

    @Override
    public void joins(FedLane lane) {
        lines.put(lane, new Line(lane));
    }

    // Who is next.

    @Override
    public Optional<FedLane> next() {
        // Without a lane to serve them, they are where they belong.
        if (!chooser.hasFree()) {
            return Optional.empty();
        }
        for (Line line : lines.values()) {
            if (!line.clients.isEmpty()) {
                if (line.isFree()) {
                    return match(waitsNoMore(line.clients.poll()), line);
                }
                release(line);
            }
        }
        while (hasOneToAskFor()) {
            Client client = oneToAskFor();
            Line line = choose(client);
            if (line.isFree()) {
                return match(client, line);
            }
            line.clients.add(client);
            acceptor.waitElsewhere(1);
        }
        return Optional.empty();
    }

    private Optional<FedLane> match(Client client, Line line) {
        line.handed = Optional.of(client);
        matched = Optional.of(line);
        return Optional.of(line.lane);
    }

    private Client waitsNoMore(Client client) {
        acceptor.waitElsewhere(-1);
        return client;
    }

    @Override
    public Fd take() {
        return matched.flatMap(line -> line.handed).orElseThrow().connection();
    }

    /** As old as it is, it does not wait for another that does not react. */
    @Override
    public void returned(Fd connection) {
        for (Line line : lines.values()) {
            if (line.handed.filter(client -> client.connection() == connection).isPresent()) {
                again.add(line.handed.get());
                line.handed = Optional.empty();
                acceptor.waitElsewhere(1);
                return;
            }
        }
        acceptor.putBack(connection);
    }

    /** Who has waited long enough waits no longer, nor for one that does not react. */
    private void release(Line line) {
        boolean all = !line.isBusy();
        while (!line.clients.isEmpty() && (all || isImpatient(line.clients.peek()))) {
            again.add(line.clients.poll());
        }
    }

    private boolean isImpatient(Client client) {
        return client.isOlderThan(PATIENCE, loop.nanoTime());
    }

    private boolean hasOneToAskFor() {
        return !again.isEmpty() || acceptor.hasWaiting();
    }

    private Client oneToAskFor() {
        return again.isEmpty()
                ? new Client(acceptor.take().orElseThrow(), loop.nanoTime())
                : waitsNoMore(again.poll());
    }

    private Line choose(Client client) {
        boolean mayWait = !isImpatient(client);
        offered.clear();
        candidates.clear();
        for (Line line : lines.values()) {
            if (line.isFree() || (mayWait && line.isBusy() && line.hasRoom())) {
                offered.add(line);
                candidates.add(line.candidate);
            }
        }
        int chosen = balancing.choose(client, unmodifiable);
        return chosen == Balancing.NONE
                ? lines.get(chooser.fewestOfTheFree().orElseThrow())
                : offered.get(chosen);
    }

    // What becomes of it.

    @Override
    public void taken(FedLane lane) {
        Line line = lines.get(lane);
        if (line != null) {
            balancing.taken(line.candidate);
        }
    }

    @Override
    public void done(FedLane lane, int connections) {
        Line line = lines.get(lane);
        if (line != null) {
            balancing.done(line.candidate, connections);
        }
    }

    @Override
    public void leaves(FedLane lane) {
        Line line = lines.remove(lane);
        if (line != null) {
            again.addAll(line.clients);
            balancing.left(line.candidate);
        }
    }

    @Override
    public void close() {
        lines.values().forEach(line -> again.addAll(line.clients));
        lines.clear();
        again.forEach(client -> client.connection().close());
        again.clear();
    }
}
