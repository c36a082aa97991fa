package dev.prefork.worker;

/**
 * Makes the debugger of this JVM listen, by being thrown: it was started beside an older worker
 * that had the slot's port for it, and waits for an exception of this class.
 */
final class DebuggerMayListen extends Exception {
    private static final long serialVersionUID = 1;

    private DebuggerMayListen() {
        super("the debugger may listen", null, false, false);
    }

    /** On a thread of its own: the debugger starts another process. */
    static void tell() {
        Thread.ofPlatform().name("prefork-debugger").daemon().start(DebuggerMayListen::throwIt);
    }

    private static void throwIt() {
        try {
            throw new DebuggerMayListen();
        } catch (DebuggerMayListen heard) {
            // By the debugger.
        }
    }
}
