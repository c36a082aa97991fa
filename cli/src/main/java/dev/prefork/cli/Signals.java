package dev.prefork.cli;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Signals to this process; the module jdk.unsupported has the only way to handle them. */
final class Signals {
    private Signals() {}

    /**
     * Has an action done at each signal, on a thread of its own.
     *
     * @param name such as {@code HUP}
     * @return whether it will be: not under nohup for HUP, nor with a JVM that has kept the signal
     */
    static boolean handle(String name, Runnable action) {
        try {
            SignalHandler before = Signal.handle(new Signal(name), signal -> action.run());
            // Who was told to ignore it when it started goes on ignoring it.
            return !before.equals(SignalHandler.SIG_IGN);
        } catch (IllegalArgumentException keptByTheJvm) {
            return false;
        }
    }
}
