package dev.prefork.it.cluster;

import dev.prefork.Cluster;

/** Prints what happens in a primary, for the tests to wait for. */
final class Events {
    private Events() {}

    /**
     * Prints {@code fork ID}, {@code pid ID PID} and {@code online ID}, {@code port ID PORT} and
     * {@code listening ID ADDRESS}, {@code disconnect ID VOLUNTARY} and {@code exit ID END
     * VOLUNTARY}.
     */
    static void print() {
        Cluster.onFork(worker -> say("fork", worker.id()));
        Cluster.onOnline(
                worker -> {
                    say("pid", worker.id(), worker.process().pid());
                    say("online", worker.id());
                });
        Cluster.onListening(
                (worker, address) -> {
                    say("port", worker.id(), address.port());
                    say("listening", worker.id(), address);
                });
        Cluster.onDisconnect(
                worker -> say("disconnect", worker.id(), worker.exitedAfterDisconnect()));
        Cluster.onExit(
                (worker, exit) -> say("exit", worker.id(), exit, worker.exitedAfterDisconnect()));
    }

    /** One line of output. Optionals are printed as what they hold. */
    static void say(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            Object shown = word instanceof java.util.Optional<?> it ? it.orElse(null) : word;
            line.append(line.isEmpty() ? "" : " ").append(shown);
        }
        System.out.println(line);
    }
}
