package dev.prefork.cli;

import sun.misc.Signal;
import sun.misc.SignalHandler;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Signals to this process; the module jdk.unsupported has the only way to handle them. */
final class Signals {
    /** Those that came while nobody handled them. */
    private static final Set<String> KEPT = new HashSet<>(); // guarded by Signals.class

    /** What is done at each. */
    private static final Map<String, Runnable> ACTIONS =
            new HashMap<>(); // guarded by Signals.class

    private Signals() {}

    /**
     * Keeps what a signal does by default from this process; it is handled when somebody does. For
     * one that ends or stops a process which has not begun yet.
     */
    static void keep(String name) {
        var _ = take(name, () -> actionOrKept(name).ifPresent(Runnable::run));
    }

    /** The JVM hands out a signal on a thread of its own: it may be handled by now. */
    private static synchronized Optional<Runnable> actionOrKept(String name) {
        Optional<Runnable> action = Optional.ofNullable(ACTIONS.get(name));
        if (action.isEmpty()) {
            KEPT.add(name);
        }
        return action;
    }

    private static synchronized boolean wasKept(String name, Runnable action) {
        ACTIONS.put(name, action);
        return KEPT.remove(name);
    }

    /**
     * Has an action done at each signal, on a thread of its own.
     *
     * @param name such as {@code HUP}
     * @return whether it will be: not under nohup for HUP, nor with a JVM that has kept the signal
     */
    static boolean handle(String name, Runnable action) {
        boolean taken = take(name, action);
        if (wasKept(name, action)) {
            action.run();
        }
        return taken;
    }

    private static boolean take(String name, Runnable action) {
        try {
            SignalHandler before = Signal.handle(new Signal(name), signal -> action.run());
            // Who was told to ignore it when it started goes on ignoring it.
            return !before.equals(SignalHandler.SIG_IGN);
        } catch (IllegalArgumentException keptByTheJvm) {
            return false;
        }
    }
}
