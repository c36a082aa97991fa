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
 */
public record WorkerOptions(Optional<PortRules> ports, Optional<Duration> stopTimeout) {
    static final String PORTS = "PREFORK_PORTS";
    static final String STOP_MILLIS = "PREFORK_STOP_MILLIS";

    /** What the settings say. */
    static WorkerOptions of(ClusterSettings settings) {
        return new WorkerOptions(settings.ports(), settings.stopTimeout());
    }

    /** For the environment of a new worker. */
    Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        ports.ifPresent(rules -> variables.put(PORTS, rules.toString()));
        stopTimeout.ifPresent(time -> variables.put(STOP_MILLIS, String.valueOf(time.toMillis())));
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
                Environment.take(STOP_MILLIS).map(Long::valueOf).map(Duration::ofMillis));
    }
}
