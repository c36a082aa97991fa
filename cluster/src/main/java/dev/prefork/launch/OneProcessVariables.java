package dev.prefork.launch;

import dev.prefork.ClusterSettings;
import dev.prefork.posix.CString;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a worker in a slot finds in its environment so that it can have the slot's ports where JVM
 * and Node open them by themselves, before anything of ours runs (SPEC F3).
 */
final class OneProcessVariables {
    private static final String AGENT = "-javaagent:";

    private final Map<CString, CString> variables;
    private final LaunchRequest request;

    private OneProcessVariables(LaunchRequest request, Map<CString, CString> environment) {
        this.request = request;
        this.variables = new HashMap<>(environment);
    }

    /**
     * The environment of a standalone worker.
     *
     * @param agent the path under which it finds prefork.jar
     */
    static Map<CString, CString> standalone(
            LaunchRequest request, Map<CString, CString> environment, String agent) {
        OneProcessVariables worker = new OneProcessVariables(request, environment);
        ClusterSettings settings = request.settings();
        JvmOptions options = worker.jvmOptions();
        worker.putAgentFirst(options, agent);
        if (settings.inspectPort().isEmpty() && request.place() != Place.NONE) {
            worker.moveDebugger(options, agent);
        }
        return worker.variables;
    }

    /** Whether a standalone worker has a debugger, whose port is its slot's. */
    static boolean haveDebugger(LaunchRequest request, Map<CString, CString> environment) {
        OneProcessVariables worker = new OneProcessVariables(request, environment);
        return Debugger.of(worker.jvmOptions(), worker.get(Debugger.VARIABLE)).isPresent();
    }

    private JvmOptions jvmOptions() {
        return JvmOptions.ofWorker(request.settings(), request.environment(), variables);
    }

    /** The environment of another executable, which may be Node. */
    static Map<CString, CString> executable(
            LaunchRequest request, Map<CString, CString> environment) {
        OneProcessVariables worker = new OneProcessVariables(request, environment);
        if (request.place() != Place.NONE) {
            worker.get(NodeInspector.VARIABLE)
                    .flatMap(
                            options ->
                                    NodeInspector.options(
                                            options, worker.slot(), worker.isBesideAnother()))
                    .ifPresent(options -> worker.put(NodeInspector.VARIABLE, options));
        }
        return worker.variables;
    }

    private Optional<String> get(String name) {
        return Optional.ofNullable(variables.get(CString.of(name)))
                .map(value -> NativeText.OURS.decode(value.bytes()));
    }

    private void put(String name, String value) {
        variables.put(CString.of(name), NativeText.OURS.toSystem(value));
    }

    private int slot() {
        return get(Slot.VARIABLE).map(Slot::parse).orElse(request.id() - 1);
    }

    private boolean isBesideAnother() {
        return request.place() == Place.OCCUPIED_SLOT;
    }

    /**
     * Agents start in the order in which the JVM reads of them, and ours is to be the first: what
     * the others open is the slot's. The worker makes the variable what it was.
     */
    private void putAgentFirst(JvmOptions options, String agent) {
        String variable =
                hasAgent(options.inTools())
                        ? JvmOptions.TOOLS
                        : hasAgent(options.inLauncher()) ? JvmOptions.LAUNCHER : "";
        if (!variable.isEmpty()) {
            put(variable, AGENT + agent + " " + get(variable).orElseThrow());
        }
    }

    /**
     * Ours once more, after all others: an exception that is thrown before the debugger has been
     * initialised is lost, and it is in the order of the agents.
     */
    private void putAgentLast(String agent) {
        String last = AGENT + agent + "=" + WorkerJvm.LAST_OF_AGENTS;
        put(JvmOptions.LAST, get(JvmOptions.LAST).map(options -> options + " ").orElse("") + last);
    }

    private static boolean hasAgent(List<String> options) {
        return options.stream().anyMatch(option -> option.startsWith(AGENT));
    }

    private void moveDebugger(JvmOptions options, String agent) {
        Optional<String> present = get(Debugger.VARIABLE);
        Debugger.of(options, present)
                .ifPresent(
                        asked -> {
                            Debugger own = asked.of(slot());
                            String change =
                                    isBesideAnother() ? own.suboptionsToWait() : own.suboptions();
                            put(
                                    Debugger.VARIABLE,
                                    present.map(text -> text + ",").orElse("") + change);
                            put(WorkerOptions.DEBUGGER, isBesideAnother() ? own.toString() : "");
                            if (isBesideAnother()) {
                                putAgentLast(agent);
                            }
                        });
    }

    /** Whether a worker with this environment has a debugger that waits for the port. */
    static boolean waits(Map<CString, CString> environment) {
        CString debugger = environment.get(CString.of(WorkerOptions.DEBUGGER));
        return debugger != null && debugger.length() > 0;
    }
}
