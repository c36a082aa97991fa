package dev.prefork.cli;

import sun.misc.Signal;
import sun.misc.SignalHandler;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Signals to this process; the module jdk.unsupported has the only way to handle them. */
final class Signals {
    /** Those that came while nobody handled them. */
    private static final Set<String> KEPT = ConcurrentHashMap.newKeySet();

    private Signals() {}

    /**
     * Keeps what a signal does by default from this process; it is handled when somebody does. For
     * one that ends or stops a process which has not begun yet.
     */
    static void keep(String name) {
        var _ = handle(name, () -> KEPT.add(name));
    }

    /**
     * Has an action done at each signal, on a thread of its own.
     *
     * @param name such as {@code HUP}
     * @return whether it will be: not under nohup for HUP, nor with a JVM that has kept the signal
     */
    static boolean handle(String name, Runnable action) {
        try {
            SignalHandler before = Signal.handle(new Signal(name), signal -> action.run());
            if (KEPT.remove(name)) {
                action.run();
            }
            // Who was told to ignore it when it started goes on ignoring it.
            return !before.equals(SignalHandler.SIG_IGN);
        } catch (IllegalArgumentException keptByTheJvm) {
            return false;
        }
    }
}
