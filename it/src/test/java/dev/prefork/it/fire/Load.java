package dev.prefork.it.fire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Clients that ask one server over and over, each when it has its answer, until they are told. */
final class Load implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final Tally tally = new Tally();
    private final List<Thread> clients = new ArrayList<>();
    private final Map<Thread, Integer> keptBy = new ConcurrentHashMap<>();
    private final Duration pause;
    private volatile boolean isEnding;

    private Load(Duration pause) {
        this.pause = pause;
    }

    /** So many clients that connect each time, and so many that keep their connections. */
    static Load on(int port, int anew, int keeping) {
        return on(port, anew, keeping, PAUSE);
    }

    /** The same with another pause between an answer and the next request. */
    static Load on(int port, int anew, int keeping, Duration pause) {
        Load load = new Load(pause);
        for (int i = 0; i < anew; i++) {
            load.start(Asker.anew(port));
        }
        for (int i = 0; i < keeping; i++) {
            load.start(Asker.keeping(port));
        }
        return load;
    }

    private void start(Asker asker) {
        clients.add(Thread.startVirtualThread(() -> askUntilTheEnd(asker)));
    }

    private void askUntilTheEnd(Asker asker) {
        try (asker) {
            while (!isEnding) {
                Asked asked = asker.ask();
                tally.add(asked);
                if (asked.isKept()) {
                    keptBy.put(Thread.currentThread(), asked.pid());
                }
                LockSupport.parkNanos(pause.toNanos());
            }
        }
    }

    Tally tally() {
        return tally;
    }

    /** By whom the connections are kept now, one entry for each. */
    List<Integer> keptBy() {
        return List.copyOf(keptBy.values());
    }

    /** Lets each client come to the end of its request. */
    Tally end() throws InterruptedException {
        isEnding = true;
        for (Thread client : clients) {
            client.join();
        }
        return tally;
    }

    @Override
    public void close() {
        isEnding = true;
        boolean wasInterrupted = Thread.interrupted();
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
