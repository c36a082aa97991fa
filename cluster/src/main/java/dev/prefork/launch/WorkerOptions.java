package dev.prefork.launch;

import dev.prefork.ClusterSettings;
import dev.prefork.PortRules;
import dev.prefork.posix.Environment;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a worker is told that Node has no variable for; each in a variable of ours, which the worker
 * removes.
 *
 * @param ports which of its listens are its own
 * @param stopTimeout how long its shutdown hooks may take
 * @param ofSlot whether it fills a slot, for which the primary listens on what is one process's own
 * @param debugger where a debugger will listen that waits for its port; empty where it was only
 *     told which it has
 */
public record WorkerOptions(
        Optional<PortRules> ports,
        Optional<Duration> stopTimeout,
        boolean ofSlot,
        Optional<String> debugger) {
    static final String PORTS = "PREFORK_PORTS";
    static final String STOP_MILLIS = "PREFORK_STOP_MILLIS";
    static final String OF_SLOT = "PREFORK_OF_SLOT";

    /** Of {@link OneProcessVariables}. */
    static final String DEBUGGER = "PREFORK_DEBUGGER";

    private static final String YES = "1";

    /** What the request says. Another executable than java would show its program the variable. */
    static WorkerOptions of(LaunchRequest request) {
        ClusterSettings settings = request.settings();
        return new WorkerOptions(
                settings.ports(),
                settings.stopTimeout(),
                request.place() != Place.NONE && settings.execPath().isEmpty(),
                Optional.empty());
    }

    /** For the environment of a new worker. */
    Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        ports.ifPresent(rules -> variables.put(PORTS, rules.toString()));
        stopTimeout.ifPresent(time -> variables.put(STOP_MILLIS, String.valueOf(time.toMillis())));
        if (ofSlot) {
            variables.put(OF_SLOT, YES);
        }
        return variables;
    }

    /**
     * Of this process, out of its environment.
     *
     * @throws IllegalArgumentException when they were not written by a primary
     */
    public static WorkerOptions take() {
        return new WorkerOptions(
                Environment.take(PORTS).map(PortRules::parse),
                Environment.take(STOP_MILLIS).map(Long::valueOf).map(Duration::ofMillis),
                Environment.take(OF_SLOT).isPresent(),
                takeDebugger());
    }

    /** What made it wait is for no child of this process. */
    private static Optional<String> takeDebugger() {
        Optional<String> debugger = Environment.take(DEBUGGER);
        debugger.ifPresent(_ -> Environment.take(Debugger.VARIABLE));
        return debugger.filter(address -> !address.isEmpty());
    }
}
