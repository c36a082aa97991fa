package dev.prefork.worker;

import dev.prefork.PortRules;
import dev.prefork.PortRules.Treatment;
import dev.prefork.launch.Slot;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Which listens of this worker are its own, and on which port.
 *
 * <p>Rules come from the primary's settings, or from the system property {@code dev.prefork.ports}
 * of a worker that cannot be given any; {@link PortRules#DEFAULT} follows them. Safe for any
 * thread.
 */
final class OwnPorts {
    /** Where a worker that Node started, or a program that forks itself, is given its rules. */
    private static final String PROPERTY = "dev.prefork.ports";

    private static final Set<String> RMI_MODULES =
            Set.of("java.rmi", "java.management.rmi", "jdk.management.agent");

    private static final int HIGHEST = 65535;

    private final PortRules rules;
    private final int slot;

    OwnPorts(PortRules rules, int slot) {
        this.rules = rules;
        this.slot = slot;
    }

    /**
     * Of the worker with this id.
     *
     * @throws IllegalArgumentException when the property or the slot cannot be read
     */
    static OwnPorts of(int workerId, Optional<PortRules> ofPrimary) {
        PortRules rules =
                ofPrimary
                        .orElseGet(() -> PortRules.parse(System.getProperty(PROPERTY, "")))
                        .then(PortRules.DEFAULT);
        return new OwnPorts(rules, Slot.ofThisProcess(workerId));
    }

    /** What becomes of a listen that the calling thread asks for. */
    Treatment treatmentOf(InetSocketAddress address) {
        return rules.treatmentOf(new PortRules.Listen(address, isForRmi()));
    }

    /** Where to bind what is not shared. */
    InetSocketAddress ownAddress(InetSocketAddress asked) {
        int port = asked.getPort();
        if (port == 0 || treatmentOf(asked) != Treatment.OFFSET) {
            return asked;
        }
        InetAddress host = asked.getAddress();
        if (port + slot > HIGHEST) {
            throw new IllegalArgumentException(
                    "ports: " + asked + " of slot " + slot + " would be port " + (port + slot));
        }
        return new InetSocketAddress(host, port + slot);
    }

    /** A client of RMI or JMX must reach the very JVM that gave it its stub. */
    private static boolean isForRmi() {
        return StackWalker.getInstance()
                .walk(
                        frames ->
                                frames.map(frame -> frame.toStackTraceElement().getModuleName())
                                        .anyMatch(
                                                module ->
                                                        module != null
                                                                && RMI_MODULES.contains(module)));
    }
}
