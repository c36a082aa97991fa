package dev.prefork.it.fire;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** What keeps several workers on one port: our own command, or another. */
interface Peer {
    /** What not everybody can. */
    enum Can {
        /** Put new workers in the place of the old ones when asked. */
        RELOAD,
        /** Read the program anew when it does. */
        NEW_VERSION,
        /** Answer a request after a second, at {@code /slow}. */
        SLOW_REQUEST,
        /** Everything else that only we say of ourselves. */
        OURS
    }

    String name();

    /** The version, once it is installed; a sentence instead of it when it cannot be. */
    Installed install();

    Set<Can> can();

    /**
     * Starts it in the stage's folder with its number of workers.
     *
     * @param options of ours alone
     * @param before words before the command's own, such as {@code prlimit}
     */
    Fleet start(Stage stage, List<String> before, List<String> options) throws IOException;

    /**
     * Whether it is there.
     *
     * @param text its version, or why it is missing
     */
    record Installed(boolean isThere, String text) {}
}
