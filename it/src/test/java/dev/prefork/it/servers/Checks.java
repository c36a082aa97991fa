package dev.prefork.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.servers.Load.Failure;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Signals;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What is asked of every server that runs as two workers. Each check leaves two that serve. */
final class Checks {
    private static final Duration DRAINED = Duration.ofMinutes(1);
    private static final int IDLE_CONNECTIONS = 10;
    private static final int REQUESTS_OF_A_KEPT_CONNECTION = 25;

    private final Programs programs;
    private final ServerProgram server;
    private final Connection.Target target;
    private final Prefork prefork;
    private Set<Integer> pids;
    private Set<Integer> old = Set.of();
    private Conversations conversations = new Conversations();

    /** For workers that serve. */
    Checks(
            Programs programs,
            ServerProgram server,
            Connection.Target target,
            Prefork prefork,
            Set<Integer> pids) {
        this.programs = programs;
        this.server = server;
        this.target = target;
        this.prefork = prefork;
        this.pids = pids;
    }

    /**
     * So many requests, half of them over new connections, the others over kept ones; once both
     * workers accept: some servers bind long before (Tomcat), and only round robin passes those by.
     */
    void requests(int count) throws Exception {
        try (Load load = Load.on(target::connect)) {
            load.awaitAnswersOf(pids);
            assertThat(load.end()).isEmpty();
        }
        List<Callable<Set<Integer>>> clients = new ArrayList<>();
        for (int i = 0; i < count / 2; i += REQUESTS_OF_A_KEPT_CONNECTION) {
            clients.add(this::askOnNewConnections);
            clients.add(this::askOnOneConnection);
        }
        Set<Integer> answered = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(Load.CLIENTS)) {
            for (Future<Set<Integer>> client : threads.invokeAll(clients)) {
                answered.addAll(result(client));
            }
        }
        assertThat(answered).isSubsetOf(pids);
    }

    private Set<Integer> askOnNewConnections() throws IOException {
        Set<Integer> answered = new HashSet<>();
        for (int i = 0; i < REQUESTS_OF_A_KEPT_CONNECTION; i++) {
            try (Connection connection = target.connect()) {
                answered.add(Answer.to(connection).pid());
            }
        }
        return answered;
    }

    private Set<Integer> askOnOneConnection() throws IOException {
        Set<Integer> answered = new HashSet<>();
        try (Connection connection = target.connect()) {
            for (int i = 0; i < REQUESTS_OF_A_KEPT_CONNECTION; i++) {
                answered.add(Answer.to(connection).pid());
            }
        }
        if (server.protocol() != ServerProgram.Protocol.DATAGRAMS) {
            assertThat(answered).as("who answers on one connection").hasSize(1);
        }
        return answered;
    }

    private static <T> T result(Future<T> client) throws Exception {
        try {
            return client.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().toString(), e.getCause());
        }
    }

    /**
     * SIGKILL to a worker: only what is under way on its own connections is lost. Each client has
     * one connection at a time.
     */
    void kill() {
        int killed = pids.iterator().next();
        List<Failure> failures;
        long died;
        try (Load load = Load.on(target::connect)) {
            load.awaitAnswersOf(pids);
            Signals.send("KILL", killed);
            prefork.awaitDeath(killed);
            died = System.nanoTime();
            pids = prefork.awaitServingWithout(killed);
            load.awaitAnswersOf(pids);
            failures = load.end();
        }
        assertThat(failures)
                .hasSizeLessThanOrEqualTo(Load.CLIENTS)
                .allMatch(Failure::connected)
                .allMatch(failure -> failure.openedAt() < died)
                .allMatch(failure -> failure.pid() == killed || failure.pid() == 0);
    }

    /** Both workers are replaced under load, and nobody notices; conversations go on. */
    void reload() throws Exception {
        old = pids;
        conversations = Conversations.with(pids, server, target);
        List<Failure> failures;
        try (Load load = Load.on(target::connect)) {
            load.awaitAnswersOf(pids);
            pids = prefork.reload(pids);
            load.awaitAnswersOf(pids);
            failures = load.end();
        }
        assertThat(failures).isEmpty();
        assertThat(pids).doesNotContainAnyElementsOf(old);
    }

    /** They come to their end with the workers that have been replaced, and these to theirs. */
    void conversations() throws Exception {
        conversations.finish();
        for (int pid : old) {
            Signals.awaitGone(pid, DRAINED);
        }
        requests(4 * REQUESTS_OF_A_KEPT_CONNECTION);
    }

    private List<Connection> idle() throws IOException {
        List<Connection> idle = new ArrayList<>();
        for (int i = 0; i < IDLE_CONNECTIONS; i++) {
            Connection connection = target.connect();
            var _ = Answer.to(connection);
            idle.add(connection);
        }
        return idle;
    }

    /**
     * SIGTERM: nothing is left, not even the port; clients that wait for nothing hold nobody up.
     */
    void stop() throws IOException {
        List<Connection> idle = idle();

        assertThat(prefork.stop()).isZero();

        for (Connection connection : idle) {
            connection.close();
        }
        target.close();
        assertThat(prefork.linesOfItsOwn()).last().isEqualTo("prefork: stopped");
        assertThat(programs.areRunning()).isFalse();
        target.assertFree();
    }
}
