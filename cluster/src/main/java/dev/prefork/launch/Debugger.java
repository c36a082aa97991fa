package dev.prefork.launch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a JVM's debugger listens (SPEC F3).
 *
 * <p>The JDK's debugger adds what the variable _JAVA_JDWP_OPTIONS says to the option that loads it,
 * and of a name that is there twice the last counts: so the address can be changed wherever the
 * option stands, and the option stays what it is. Source: debugInit.c of libjdwp.
 *
 * @param host with its colon, as it was given; empty for none
 * @param port from 1
 */
record Debugger(String host, int port) {
    static final String VARIABLE = "_JAVA_JDWP_OPTIONS";

    /** Thrown in the worker when its debugger is to listen. */
    static final String MAY_LISTEN = "dev.prefork.worker.DebuggerMayListen";

    private static final int HIGHEST = 65535;
    private static final Pattern OPTION =
            Pattern.compile("(?:-agentlib:jdwp=|-Xrunjdwp:|-agentpath:[^=]*libjdwp\\.so=)(.*)");
    private static final Pattern ADDRESS = Pattern.compile("(.*:)?(\\d{1,5})");

    /**
     * Of a JVM with these options; empty when it has none that listens on a port of its own choice.
     *
     * @param more what the variable says already
     */
    static Optional<Debugger> of(JvmOptions options, Optional<String> more) {
        // A second one would keep the JVM from starting.
        return options.all()
                .map(OPTION::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .flatMap(jdwp -> of(jdwp.group(1) + more.map(text -> "," + text).orElse("")));
    }

    private static Optional<Debugger> of(String suboptions) {
        boolean listens = false;
        String address = "";
        for (String suboption : suboptions.split(",", -1)) {
            if (suboption.startsWith("server=")) {
                listens = suboption.equals("server=y");
            } else if (suboption.startsWith("address=")) {
                address = suboption.substring("address=".length());
            }
        }
        Matcher parts = ADDRESS.matcher(address);
        if (!listens || !parts.matches() || Integer.parseInt(parts.group(2)) == 0) {
            return Optional.empty();
        }
        return Optional.of(
                new Debugger(
                        Optional.ofNullable(parts.group(1)).orElse(""),
                        Integer.parseInt(parts.group(2))));
    }

    /** That of a slot. */
    Debugger of(int slot) {
        if (port + slot > HIGHEST) {
            throw new IllegalArgumentException(
                    "debugger: %d of slot %d would be port %d".formatted(port, slot, port + slot));
        }
        return new Debugger(host, port + slot);
    }

    /** As suboption: this address. */
    String suboptions() {
        return "address=" + this;
    }

    /**
     * As suboptions: it listens only when the exception is thrown. A JVM whose debugger cannot
     * listen at its start ends at once; one that cannot later goes on. The debugger demands that
     * something is launched then, and hands it transport and port: so it says where it listens, as
     * it does at a start. Nothing can be suspended while it waits.
     */
    String suboptionsToWait() {
        return suboptions()
                + ",suspend=n,onthrow="
                + MAY_LISTEN
                + ",launch=echo Listening for transport";
    }

    @Override
    public String toString() {
        return host + port;
    }
}
