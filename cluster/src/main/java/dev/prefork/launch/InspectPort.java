package dev.prefork.launch;

import dev.prefork.ClusterSettings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The debugger's port of each worker, as Node's inspectPort: two JVMs cannot listen on one.
 *
 * <p>Only a debugger that listens (server=y) is given another port. One that connects to its front
 * end keeps that address, port 0 is another port each time anyway, and without a debugger nothing
 * is added. Safe for any thread.
 */
final class InspectPort {
    private static final Pattern JDWP =
            Pattern.compile("(?:-agentlib:jdwp=|-Xrunjdwp:|-agentpath:[^=]*libjdwp\\.so=)(.*)");
    private static final Pattern SERVER = Pattern.compile("(?:^|,)server=y(?:,|$)");

    /**
     * Of {@code address=[host:]port}, as in {@code 5005}, {@code *:5005} and {@code [::1]:5005}.
     */
    private static final Pattern PORT =
            Pattern.compile("(?<=^address=|,address=)(?:(.*?):)?(\\d+)(?=,|$)");

    private static final int HIGHEST = 65535;

    /** Where Node goes on after the highest. */
    private static final int LOWEST = 1024;

    private final OptionalInt primarysPort;
    private final AtomicInteger count = new AtomicInteger();

    /** Takes the options of the primary's own JVM. */
    InspectPort(List<String> primarysOptions) {
        this.primarysPort =
                primarysOptions.stream()
                        .map(InspectPort::port)
                        .filter(OptionalInt::isPresent)
                        .findFirst()
                        .orElse(OptionalInt.empty());
    }

    /**
     * The options for the next worker.
     *
     * @throws IllegalArgumentException when the settings' supplier gives what is no port
     */
    List<String> next(ClusterSettings settings) {
        List<String> options = new ArrayList<>(settings.execArgv().orElse(List.of()));
        for (int i = 0; i < options.size(); i++) {
            Optional<String> changed = changed(options.get(i), settings.inspectPort());
            if (changed.isPresent()) {
                options.set(i, changed.get());
            }
        }
        return options;
    }

    private Optional<String> changed(String option, Optional<IntSupplier> wanted) {
        Matcher jdwp = JDWP.matcher(option);
        if (!jdwp.matches() || !SERVER.matcher(jdwp.group(1)).find()) {
            return Optional.empty();
        }
        OptionalInt present = port(option);
        if (wanted.isEmpty() && present.orElse(0) == 0) {
            return Optional.empty();
        }
        int port =
                wanted.isPresent()
                        ? checked(wanted.get().getAsInt())
                        : counted(primarysPort.orElse(present.orElse(0)));
        if (present.isEmpty()) {
            return Optional.of(option + ",address=" + port);
        }
        String prefix = option.substring(0, jdwp.start(1));
        return Optional.of(
                prefix
                        + PORT.matcher(jdwp.group(1))
                                .replaceFirst(
                                        found ->
                                                Matcher.quoteReplacement(
                                                        host(found.group(1)) + port)));
    }

    private static String host(String name) {
        return name == null ? "" : name + ":";
    }

    private int counted(int base) {
        int port = base + count.incrementAndGet();
        return port > HIGHEST ? port - HIGHEST + LOWEST - 1 : port;
    }

    private static int checked(int port) {
        if (port < 0 || port > HIGHEST) {
            throw new IllegalArgumentException(
                    "inspectPort=" + port + ": it must be from 0 to " + HIGHEST);
        }
        return port;
    }

    /** The port on which the option makes a debugger listen; empty when it names none. */
    private static OptionalInt port(String option) {
        Matcher jdwp = JDWP.matcher(option);
        if (!jdwp.matches()) {
            return OptionalInt.empty();
        }
        Matcher port = PORT.matcher(jdwp.group(1));
        return port.find() ? OptionalInt.of(Integer.parseInt(port.group(2))) : OptionalInt.empty();
    }
}
