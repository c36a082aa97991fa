package dev.prefork.launch;

import dev.prefork.posix.CString;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The environment of a worker: this process's, what the fork adds, and what makes it a worker. */
final class WorkerEnvironment {
    static final String UNIQUE_ID = "NODE_UNIQUE_ID";
    private static final String CHANNEL_FD = "NODE_CHANNEL_FD";
    private static final String SERIALIZATION_MODE = "NODE_CHANNEL_SERIALIZATION_MODE";

    /** By which a process of Node knows its channel. */
    static final List<String> CHANNEL = List.of(UNIQUE_ID, CHANNEL_FD, SERIALIZATION_MODE);

    /** With it a launcher of jpackage, which starts itself twice, takes its words for java's. */
    private static final String JPACKAGE = "_JPACKAGE_LAUNCHER";

    /**
     * What made this process a worker, if it is one, is not for its own workers: a program that is
     * run by prefork may have a cluster of its own.
     */
    private static final List<String> NOT_INHERITED =
            List.of(
                    Slot.VARIABLE,
                    JoinOffer.VARIABLE,
                    ExtraPipes.VARIABLE,
                    WorkerOptions.PORTS,
                    WorkerOptions.STOP_MILLIS,
                    WorkerOptions.IDLE_MILLIS,
                    WorkerOptions.OF_SLOT,
                    WorkerOptions.DEBUGGER,
                    Appointment.VARIABLE,
                    JPACKAGE,
                    UNIQUE_ID,
                    CHANNEL_FD,
                    SERIALIZATION_MODE);

    private WorkerEnvironment() {}

    /**
     * All variables of a worker.
     *
     * @param inherited those of this process, whose bytes stay what they are
     * @throws IllegalArgumentException for what can be no variable
     */
    static Map<CString, CString> of(
            LaunchRequest request, Stdio stdio, Map<CString, CString> inherited) {
        request.environment().forEach(WorkerEnvironment::check);
        Map<String, String> ours = new HashMap<>(request.environment());
        if (request.isSpare()) {
            ours.put(Appointment.VARIABLE, "1");
        } else {
            ours.put(UNIQUE_ID, String.valueOf(request.id()));
        }
        ours.put(CHANNEL_FD, String.valueOf(stdio.channelIndex()));
        ours.put(SERIALIZATION_MODE, "json");
        ours.putAll(WorkerOptions.of(request).variables());
        if (!stdio.extraPipes().isEmpty()) {
            ours.put(ExtraPipes.VARIABLE, ExtraPipes.write(stdio.extraPipes()));
        }
        Map<CString, CString> variables = new HashMap<>(inherited);
        KeptVariables.giveBack(variables);
        NOT_INHERITED.forEach(name -> variables.remove(CString.of(name)));
        ours.forEach(
                (name, value) ->
                        variables.put(
                                NativeText.OURS.toSystem(name), NativeText.OURS.toSystem(value)));
        return variables;
    }

    private static void check(String name, String value) {
        if (name == null || value == null) {
            throw new IllegalArgumentException(
                    "no environment variable can be "
                            + name
                            + "="
                            + value
                            + "; leave out what is not to be set");
        }
        if (name.isEmpty() || name.contains("=") || (name + value).indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "no environment variable can be " + name + "=" + value.replace("\0", "\\0"));
        }
        if (name.equals(Slot.VARIABLE)) {
            Slot.parse(value);
        }
    }
}
