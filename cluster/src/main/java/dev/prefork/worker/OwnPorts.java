package dev.prefork.worker;

import dev.prefork.PortRules;
import dev.prefork.PortRules.Treatment;
import dev.prefork.launch.Slot;

import java.net.InetSocketAddress;
import java.util.Optional;

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
        return treatmentOf(address, Openers.ofThisThread());
    }

    private Treatment treatmentOf(InetSocketAddress address, Openers opener) {
        return rules.treatmentOf(new PortRules.Listen(address, opener.opener()));
    }

    /**
     * Where the slot has a port of its own instead of this one, on which its workers succeed each
     * other; empty when it is not so: shared, private, or any port.
     */
    Optional<InetSocketAddress> ofTheSlot(InetSocketAddress asked) {
        Openers opener = Openers.ofThisThread();
        if (asked.getPort() == 0 || treatmentOf(asked, opener) != Treatment.OFFSET) {
            return Optional.empty();
        }
        // Who starts the JDK's own agent says the very number: see ManagementPorts.
        return Optional.of(
                opener.ofManagementAgent()
                        ? asked
                        : new InetSocketAddress(asked.getAddress(), shifted(asked.getPort())));
    }

    /** Where to bind what is not shared. */
    InetSocketAddress ownAddress(InetSocketAddress asked) {
        return ofTheSlot(asked).orElse(asked);
    }

    /** The slot's port in place of this one. */
    int shifted(int port) {
        if (port + slot > HIGHEST) {
            throw new IllegalArgumentException(
                    "ports: " + port + " of slot " + slot + " would be port " + (port + slot));
        }
        return port + slot;
    }
}
