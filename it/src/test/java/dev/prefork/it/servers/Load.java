package dev.prefork.it.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Clients that connect, ask a few times, and close, over and over until they are told to end. */
final class Load implements AutoCloseable {
    static final int CLIENTS = 8;

    private static final int REQUESTS_OF_A_CONNECTION = 3;
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** Leaves the processors of a small machine to the JVMs that start meanwhile. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * A connection that ended in the middle.
     *
     * @param connected false if it was refused
     * @param openedAt by System.nanoTime(), before it was opened
     * @param pid of who had answered on it before; 0 if nobody had
     */
    record Failure(boolean connected, long openedAt, int pid, String problem) {}

    private final Session.Opener server;
    private final Map<Integer, Integer> answersByPid = new ConcurrentHashMap<>();
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients;
    private volatile boolean ending;

    private Load(Session.Opener server) {
        this.server = server;
        this.clients =
                IntStream.range(0, CLIENTS)
                        .mapToObj(
                                i ->
                                        Thread.ofPlatform()
                                                .name("client " + i)
                                                .daemon()
                                                .unstarted(this::askUntilTheEnd))
                        .toList();
    }

    static Load on(Session.Opener server) {
        Load load = new Load(server);
        load.clients.forEach(Thread::start);
        return load;
    }

    private void askUntilTheEnd() {
        while (!ending) {
            connectAndAsk();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void connectAndAsk() {
        long openedAt = System.nanoTime();
        int pid = 0;
        try (Session session = server.open()) {
            for (int i = 0; i < REQUESTS_OF_A_CONNECTION; i++) {
                pid = session.ask();
                answersByPid.merge(pid, 1, Integer::sum);
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            failures.add(new Failure(!isRefusal(e), openedAt, pid, e.toString()));
        }
    }

    private static boolean isRefusal(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(ConnectException.class::isInstance);
    }

    /** Waits until each of these has answered once more. */
    void awaitAnswersOf(Collection<Integer> pids) {
        Map<Integer, Integer> before = Map.copyOf(answersByPid);
        await("answers of " + pids)
                .atMost(DEADLINE)
                .failFast(() -> assertThat(clients).anyMatch(Thread::isAlive))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () ->
                                pids.stream()
                                        .allMatch(
                                                pid ->
                                                        answersByPid.getOrDefault(pid, 0)
                                                                > before.getOrDefault(pid, 0)));
    }

    /** How many there were. */
    int answers() {
        return answersByPid.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Lets every client come to the end of its connection; those that were cut off before. */
    List<Failure> end() {
        ending = true;
        try {
            for (Thread client : clients) {
                assertThat(client.join(DEADLINE)).as("end of " + client).isTrue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return List.copyOf(failures);
    }

    /** As {@link #end}, whatever happened. */
    @Override
    public void close() {
        var _ = end();
    }

    @Override
    public String toString() {
        return "answers by pid " + answersByPid + ", failures " + failures;
    }
}
