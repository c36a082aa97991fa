package dev.prefork.worker;

import java.util.concurrent.CompletableFuture;

/**
 * Makes the debugger of this JVM listen, by being thrown: it was started beside an older worker
 * that had the slot's port for it, and waits for an exception of this class.
 */
final class DebuggerMayListen extends Exception {
    private static final long serialVersionUID = 1;

    private static final CompletableFuture<Void> INITIALISED = new CompletableFuture<>();

    private DebuggerMayListen() {
        super("the debugger may listen", null, false, false);
    }

    /** All agents of this JVM have been called, and so has the debugger. */
    static void initialised() {
        INITIALISED.complete(null);
    }

    /** As soon as the debugger hears it. On a thread of its own: it starts another process. */
    static void tell() {
        var _ =
                INITIALISED.thenRun(
                        () ->
                                Thread.ofPlatform()
                                        .name("prefork-debugger")
                                        .daemon()
                                        .start(DebuggerMayListen::throwIt));
    }

    private static void throwIt() {
        try {
            throw new DebuggerMayListen();
        } catch (DebuggerMayListen heard) {
            // By the debugger.
        }
    }
}
