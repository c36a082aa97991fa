package dev.prefork.keep;

import dev.prefork.ClusterSettings;
import dev.prefork.Exit;
import dev.prefork.Prefork;
import dev.prefork.Subscription;
import dev.prefork.Worker;
import dev.prefork.drive.Workers;
import dev.prefork.supervise.End;
import dev.prefork.supervise.WorkerEvent;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The workers of the cluster, and what happens to them in the words of {@link WorkerEvent}. */
public final class ClusterWorkers implements Workers {
    /** After its end; a child of the worker may hold its output open. */
    private static final Duration LAST_OUTPUT_MAY_TAKE = Duration.ofMillis(500);

    /**
     * What workers are started with, by the numbers that the supervisor gives. For the driver's
     * thread.
     */
    public interface Generations {
        /**
         * What a worker of this one that starts now is started with.
         *
         * @throws RuntimeException that says why nothing can be started so
         */
        ClusterSettings settings(int number);

        /** No worker of another one will be started. */
        void keepOnly(int number);
    }

    /** Reads what a worker prints. */
    public interface Output {
        /** Done when there is no more of it. */
        CompletableFuture<Void> ended();

        List<String> lastLines();
    }

    /** Of workers that print where this process does. */
    static final Output UNREAD =
            new Output() {
                @Override
                public CompletableFuture<Void> ended() {
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public List<String> lastLines() {
                    return List.of();
                }
            };

    /** Reads what a new worker of a slot prints. */
    public interface Outputs {
        Output of(Worker worker, int slot);
    }

    private final Prefork cluster;
    private final Map<Integer, Worker> workers = new ConcurrentSkipListMap<>();
    private final Consumer<Worker> leave;
    private final Outputs outputs;
    private final Generations generations;
    private final Map<String, String> environment;
    private Listener listener;
    private List<Subscription> subscriptions = List.of();
    private ClusterSettings last;
    private int lastGeneration;

    /**
     * Creates them.
     *
     * @param cluster whose slots they fill
     * @param generations what they are started with
     * @param environment of each, besides
     * @param leave makes a worker end gracefully
     * @param outputs reads what a new worker prints
     */
    public ClusterWorkers(
            Prefork cluster,
            Generations generations,
            Map<String, String> environment,
            Consumer<Worker> leave,
            Outputs outputs) {
        this.cluster = cluster;
        this.generations = generations;
        this.environment = Map.copyOf(environment);
        this.leave = leave;
        this.outputs = outputs;
    }

    @Override
    public void listen(Listener told) {
        listener = told;
        beginTimeouts();
        subscriptions =
                List.of(
                        cluster.onOnline(worker -> tell(worker, WorkerEvent.Online::new)),
                        cluster.onListening(
                                (worker, address) ->
                                        tell(
                                                worker,
                                                () ->
                                                        new WorkerEvent.Listening(
                                                                Addresses.text(address)))),
                        cluster.onDisconnect(
                                worker -> tell(worker, WorkerEvent.Disconnected::new)));
    }

    /** The end of {@link #listen}. */
    void listenNoMore() {
        subscriptions.forEach(Subscription::close);
    }

    /** The JDK's thread for them is there from now on, and not only from some worker's death. */
    private static void beginTimeouts() {
        CompletableFuture<Void> one = new CompletableFuture<>();
        var _ = one.completeOnTimeout(null, 1, TimeUnit.DAYS);
        one.complete(null);
    }

    /** What cannot be told is not supervised. */
    private void tell(Worker worker, Supplier<WorkerEvent> event) {
        try {
            listener.happened(worker.id(), event.get());
        } catch (Throwable untold) {
            listener.broken(untold);
        }
    }

    @Override
    public Started fork(int slot, int generation) {
        ClusterSettings settings = generations.settings(generation);
        // Of the generation before there may be spares, whose program has the same name.
        if (!settings.equals(last) || generation != lastGeneration) {
            cluster.setup(ClusterSettings.empty());
            last = settings;
            lastGeneration = generation;
        }
        Worker worker = cluster.slot(slot).fork(settings, environment);
        try {
            Output output = outputs.of(worker, slot);
            workers.put(worker.id(), worker);
            worker.onClosed(
                    address -> tell(worker, () -> new WorkerEvent.Closed(Addresses.text(address))));
            worker.onExit(exit -> exited(worker.id(), exit, output));
            return new Started(worker.id(), worker.process().pid());
        } catch (RuntimeException nobodyWouldReadIt) {
            worker.process().kill("SIGKILL");
            throw nobodyWouldReadIt;
        }
    }

    /** What it printed last is printed before its end is told. */
    private void exited(int id, Exit exit, Output output) {
        try {
            var _ =
                    output.ended()
                            .completeOnTimeout(
                                    null, LAST_OUTPUT_MAY_TAKE.toMillis(), TimeUnit.MILLISECONDS)
                            .thenRun(() -> ended(id, exit, output));
        } catch (Throwable untold) {
            listener.broken(untold);
        }
    }

    private void ended(int id, Exit exit, Output output) {
        try {
            listener.happened(id, new WorkerEvent.Exited(end(exit), output.lastLines()));
            workers.remove(id);
        } catch (Throwable untold) {
            listener.broken(untold);
        }
    }

    private static End end(Exit exit) {
        if (exit.code().isPresent()) {
            return new End.Code(exit.code().getAsInt());
        }
        return exit.signal().<End>map(End.Signal::new).orElseGet(End.Unknown::new);
    }

    /** Those whose processes live, by id. */
    Map<Integer, Worker> all() {
        return Collections.unmodifiableMap(workers);
    }

    @Override
    public void keepOnly(int generation) {
        generations.keepOnly(generation);
    }

    @Override
    public void leave(int id) {
        find(id).ifPresent(leave);
    }

    @Override
    public void signal(int id, String name) {
        find(id).ifPresent(worker -> worker.process().kill(name));
    }

    private Optional<Worker> find(int id) {
        return Optional.ofNullable(workers.get(id));
    }

    @Override
    public void settle(int slot) {
        cluster.slot(slot).settle();
    }

    @Override
    public void takeNoMore() {
        cluster.takeNoMore();
    }

    @Override
    public void close(int slot) {
        cluster.slot(slot).close();
    }
}
