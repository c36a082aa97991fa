package dev.prefork.examples;

import dev.prefork.Cluster;
import dev.prefork.Message;

import java.net.BindException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Runs one example by its name; without a name, lists them all.
 *
 * <p>An example that serves takes a port, 8000 unless given. With port 0 the system chooses one,
 * which is printed.
 */
public final class Examples {
    private static final Set<Integer> PORTS_SAID = ConcurrentHashMap.newKeySet();
    private static final AtomicBoolean FAILURE_SAID = new AtomicBoolean();

    private Examples() {}

    /** An example: the name one types, what it shows, and its main method. */
    private enum Example {
        SERVER(
                "server",
                "The document's first program: one worker per CPU, all serving port 8000",
                Server::main),
        MESSAGE_COUNTER(
                "message-counter",
                "Workers tell the primary of their requests; it prints the count every second",
                MessageCounter::main),
        WORKER_EVENTS(
                "worker-events",
                "The events of one worker: online, listening, disconnect",
                WorkerEvents::main),
        EXIT_CODES(
                "exit-codes",
                "How a worker ended; name an exit code or a signal, such as 3 or SIGKILL",
                ExitCodes::main),
        GRACEFUL_SHUTDOWN(
                "graceful-shutdown",
                "Disconnects a worker at its first client, and kills it if that takes 2 seconds",
                GracefulShutdown::main),
        EXITED_AFTER_DISCONNECT(
                "exited-after-disconnect",
                "Tells whether the end of a worker was asked for",
                ExitedAfterDisconnect::main),
        IS_DEAD(
                "is-dead",
                "isDead() before and after: each worker ends itself after a request",
                IsDead::main),
        ECHO("echo", "A worker sends every message of the primary back", Echo::main),
        DISCONNECTS("disconnects", "Disconnects all workers, and names each", Disconnects::main),
        RESTART_ON_EXIT(
                "restart-on-exit", "Forks another worker for each that dies", RestartOnExit::main),
        FORK_TIMEOUTS(
                "fork-timeouts",
                "Complains when a worker does not listen within 2 seconds, or ends",
                ForkTimeouts::main),
        LISTENING_ADDRESSES(
                "listening-addresses",
                "Every address that a worker listens on",
                ListeningAddresses::main);

        private final String name;
        private final String summary;
        private final Main main;

        Example(String name, String summary, Main main) {
            this.name = name;
            this.summary = summary;
            this.main = main;
        }

        static Optional<Example> named(String name) {
            return Arrays.stream(values()).filter(e -> e.name.equals(name)).findFirst();
        }

        static String names() {
            return Arrays.stream(values()).map(e -> e.name).collect(Collectors.joining(", "));
        }
    }

    @FunctionalInterface
    private interface Main {
        void run(String[] args) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            for (Example example : Example.values()) {
                System.out.printf("%-24s %s%n", example.name, example.summary);
            }
            return;
        }
        Optional<Example> example = Example.named(args[0]);
        if (example.isEmpty()) {
            System.err.printf(
                    "prefork: there is no example named \"%s\"; the examples are: %s%n",
                    args[0], Example.names());
            System.exit(1);
        }
        run(example.get(), Arrays.copyOfRange(args, 1, args.length));
    }

    /** What a worker tells the primary that cannot listen. */
    private record Failed(String reason) {}

    /**
     * One clear sentence and exit code 1 when the port is taken, however many workers find it so.
     */
    private static void run(Example example, String[] args) throws Exception {
        if (Cluster.isPrimary()) {
            var _ = Cluster.onMessage((worker, message) -> endIfFailed(example, message));
            if (args.length > 0 && args[0].equals("0")) {
                var _ = Cluster.onListening((worker, address) -> sayPort(address.port()));
            }
        }
        try {
            example.main.run(args);
        } catch (BindException taken) {
            Cluster.worker().send(new Failed(taken.getMessage()));
            System.exit(1);
        }
    }

    private static void sayPort(int port) {
        if (PORTS_SAID.add(port)) {
            System.out.println("Listening on port " + port);
        }
    }

    private static void endIfFailed(Example example, Message message) {
        // Other listeners still run while System.exit waits for the shutdown hooks.
        if (message.value() instanceof Map<?, ?> fields
                && fields.containsKey("reason")
                && FAILURE_SAID.compareAndSet(false, true)) {
            System.err.printf(
                    "prefork: example %s cannot listen on its port: %s. End what uses the port"
                            + " (ss -ltnp shows it) and try again.%n",
                    example.name, message.as(Failed.class).reason());
            System.exit(1);
        }
    }
}
