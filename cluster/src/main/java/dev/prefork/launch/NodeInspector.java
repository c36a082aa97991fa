package dev.prefork.launch;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The debugger's port of a Node program that has it from NODE_OPTIONS (SPEC F3). Of several options
 * that name one the last counts, and a host stays when only the port is named.
 *
 * <p>Node goes on where the port is taken, without a debugger, and cannot be told later: beside an
 * older worker it takes any port, which it says itself.
 */
final class NodeInspector {
    static final String VARIABLE = "NODE_OPTIONS";

    private static final int USUAL_PORT = 9229;
    private static final int HIGHEST = 65535;
    private static final Pattern OPTION =
            Pattern.compile(
                    "--(?:inspect(?:-brk|-wait|-port)?|debug-port)(?:[=](?:.*:)?(\\d{1,5}))?");

    private NodeInspector() {}

    /** The variable's new value; empty when it may stay as it is. */
    static Optional<String> options(String present, int slot, boolean besideAnother) {
        List<String> words = OptionWords.of(present);
        Optional<Integer> port =
                words.stream()
                        .map(OPTION::matcher)
                        .filter(Matcher::matches)
                        .map(NodeInspector::port)
                        .reduce((one, other) -> other == USUAL_PORT ? one : other);
        boolean inspects =
                words.stream().anyMatch(word -> word.matches("--inspect(-brk|-wait)?(=.*)?"));
        if (!inspects || port.isEmpty() || port.get() == 0) {
            return Optional.empty();
        }
        int own = port.get() + slot;
        return Optional.of(
                present + " --inspect-port=" + (besideAnother || own > HIGHEST ? 0 : own));
    }

    private static int port(Matcher option) {
        return Optional.ofNullable(option.group(1)).map(Integer::valueOf).orElse(USUAL_PORT);
    }
}
