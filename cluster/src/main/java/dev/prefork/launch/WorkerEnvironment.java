package dev.prefork.launch;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The environment of a worker: this process's, what the fork adds, and what makes it a worker. */
final class WorkerEnvironment {
    /**
     * What made this process a worker, if it is one, is not for its own workers: a program that is
     * run by prefork may have a cluster of its own.
     */
    private static final Set<String> NOT_INHERITED =
            Set.of(
                    Slot.VARIABLE,
                    ExtraPipes.VARIABLE,
                    WorkerOptions.PORTS,
                    WorkerOptions.STOP_MILLIS,
                    "NODE_UNIQUE_ID",
                    "NODE_CHANNEL_FD",
                    "NODE_CHANNEL_SERIALIZATION_MODE");

    private WorkerEnvironment() {}

    /**
     * All variables but those that depend on descriptors.
     *
     * @throws IllegalArgumentException for what can be no variable
     */
    static Map<String, String> of(LaunchRequest request) {
        return of(request, System.getenv());
    }

    /** As {@link #of(LaunchRequest)}, of a process with this environment. */
    static Map<String, String> of(LaunchRequest request, Map<String, String> inherited) {
        request.environment().forEach(WorkerEnvironment::check);
        Map<String, String> variables = new HashMap<>(inherited);
        variables.keySet().removeAll(NOT_INHERITED);
        variables.putAll(request.environment());
        variables.put("NODE_UNIQUE_ID", String.valueOf(request.id()));
        variables.put("NODE_CHANNEL_SERIALIZATION_MODE", "json");
        variables.putAll(WorkerOptions.of(request.settings()).variables());
        return variables;
    }

    private static void check(String name, String value) {
        if (name.isEmpty() || name.contains("=") || (name + value).indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "no environment variable can be " + name + "=" + value.replace("\0", "\\0"));
        }
        if (name.equals(Slot.VARIABLE)) {
            Slot.parse(value);
        }
    }
}
