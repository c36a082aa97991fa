package dev.prefork.cli;

import dev.prefork.ClusterSettings;
import dev.prefork.Exit;
import dev.prefork.Message;
import dev.prefork.Prefork;
import dev.prefork.Worker;
import dev.prefork.supervise.End;
import dev.prefork.supervise.WorkerEvent;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The workers of the cluster, and what happens to them in the words of {@link WorkerEvent}. */
final class ClusterWorkers implements Workers {
    /** After its end; a child of the worker may hold its output open. */
    private static final Duration LAST_OUTPUT_MAY_TAKE = Duration.ofMillis(500);

    /** Reads what a worker prints. */
    interface Output {
        /** Done when there is no more of it. */
        CompletableFuture<Void> ended();

        List<String> lastLines();
    }

    /** Reads what a new worker of a slot prints. */
    interface Outputs {
        Output of(Worker worker, int slot);
    }

    private final Prefork cluster;
    private final Map<Integer, Worker> workers = new ConcurrentHashMap<>();
    private final Consumer<Worker> leave;
    private final Outputs outputs;
    private final Generations generations;
    private Listener listener;
    private ClusterSettings last;
    private int lastGeneration;

    /**
     * Creates them.
     *
     * @param cluster whose slots they fill
     * @param generations what they are started with
     * @param leave makes a worker end gracefully
     * @param outputs reads what a new worker prints
     */
    ClusterWorkers(
            Prefork cluster, Generations generations, Consumer<Worker> leave, Outputs outputs) {
        this.cluster = cluster;
        this.generations = generations;
        this.leave = leave;
        this.outputs = outputs;
    }

    @Override
    public void listen(Listener told) {
        listener = told;
        beginTimeouts();
        cluster.onOnline(worker -> tell(worker, WorkerEvent.Online::new));
        cluster.onListening(
                (worker, address) ->
                        tell(worker, () -> new WorkerEvent.Listening(Addresses.text(address))));
        cluster.onDisconnect(worker -> tell(worker, WorkerEvent.Disconnected::new));
        // Without a listener they would be kept for one.
        cluster.onMessage((worker, message) -> drop(message));
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

    private static void drop(Message message) {
        message.handle().ifPresent(ClusterWorkers::close);
    }

    private static void close(SelectableChannel handle) {
        try {
            handle.close();
        } catch (IOException unsent) {
            // It is closed.
        }
    }

    @Override
    public Started fork(int slot, int generation) {
        ClusterSettings settings = generations.settings(generation);
        // Of the generation before there may be spares, whose program has the same name.
        if (!settings.equals(last) || generation != lastGeneration) {
            cluster.setup(settings);
            last = settings;
            lastGeneration = generation;
        }
        Worker worker = cluster.slot(slot).fork(Map.of());
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
