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
 * @param idleGrace how long its connections may be silent when it leaves
 * @param ofSlot whether it fills a slot, for which the primary listens on what is one process's own
 * @param debugger where a debugger will listen that waits for its port; empty where it was only
 *     told which it has
 */
public record WorkerOptions(
        Optional<PortRules> ports,
        Optional<Duration> stopTimeout,
        Optional<Duration> idleGrace,
        boolean ofSlot,
        Optional<String> debugger) {
    static final String PORTS = "PREFORK_PORTS";
    static final String STOP_MILLIS = "PREFORK_STOP_MILLIS";
    static final String IDLE_MILLIS = "PREFORK_IDLE_MILLIS";
    static final String OF_SLOT = "PREFORK_OF_SLOT";

    /** Of {@link OneProcessVariables}. */
    static final String DEBUGGER = "PREFORK_DEBUGGER";

    private static final String YES = "1";

    /** What the request says. Another executable than java would show its program the variable. */
    static WorkerOptions of(LaunchRequest request) {
        ClusterSettings settings = request.settings();
        boolean isJava = settings.standalone().orElse(false) || settings.execPath().isEmpty();
        boolean maybeJava = isJava || settings.wrapped().orElse(false);
        return new WorkerOptions(
                settings.ports(),
                settings.stopTimeout(),
                settings.idleGrace(),
                request.place() != Place.NONE && maybeJava,
                Optional.empty());
    }

    /** For the environment of a new worker. */
    Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        ports.ifPresent(rules -> variables.put(PORTS, rules.toString()));
        put(variables, STOP_MILLIS, stopTimeout);
        put(variables, IDLE_MILLIS, idleGrace);
        if (ofSlot) {
            variables.put(OF_SLOT, YES);
        }
        return variables;
    }

    private static void put(Map<String, String> variables, String name, Optional<Duration> time) {
        time.ifPresent(known -> variables.put(name, String.valueOf(known.toMillis())));
    }

    /**
     * Of this process, out of its environment.
     *
     * @throws IllegalArgumentException when they were not written by a primary
     */
    public static WorkerOptions take() {
        return new WorkerOptions(
                Environment.take(PORTS).map(PortRules::parse),
                take(STOP_MILLIS),
                take(IDLE_MILLIS),
                Environment.take(OF_SLOT).isPresent(),
                takeDebugger());
    }

    /** With these rules after those that there are. */
    public WorkerOptions then(PortRules last) {
        PortRules all = ports.map(rules -> rules.then(last)).orElse(last);
        return new WorkerOptions(Optional.of(all), stopTimeout, idleGrace, ofSlot, debugger);
    }

    private static Optional<Duration> take(String name) {
        return Environment.take(name).map(Long::valueOf).map(Duration::ofMillis);
    }

    /** What made it wait is for no child of this process. */
    private static Optional<String> takeDebugger() {
        Optional<String> debugger = Environment.take(DEBUGGER);
        debugger.ifPresent(_ -> Environment.take(Debugger.VARIABLE));
        return debugger.filter(address -> !address.isEmpty());
    }
}
