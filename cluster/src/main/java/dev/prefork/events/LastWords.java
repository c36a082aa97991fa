package dev.prefork.events;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The end of a process that cannot go on: one sentence, then at once. A primary that stayed would
 * accept connections that nobody serves, and supervise nobody; when it is gone its workers see the
 * end of their channels and leave, and whoever started it can start it again (SPEC F11).
 */
public final class LastWords {
    /** EX_SOFTWARE of {@code <sysexits.h>}. */
    public static final int EXIT_CODE = 70;

    /** Ready before it is needed: there may be no memory then, and no descriptor to load from. */
    private static final LastWords INSTANCE = new LastWords();

    private final FileOutputStream stderr = new FileOutputStream(FileDescriptor.err);

    private LastWords() {}

    /** Makes sure that the class is there when it is needed: being called is enough. */
    public static void prepare() {
        // The class is initialised now.
    }

    /**
     * Ends this process with {@link #EXIT_CODE}, without hooks: they might wait for what is broken.
     *
     * @param broken such as {@code the loop of the cluster}
     */
    public static void say(String broken, Throwable fault) {
        try {
            INSTANCE.write(
                    "prefork: "
                            + broken
                            + " has ended, so this process ends now and its workers with it: "
                            + fault
                            + System.lineSeparator());
        } catch (Throwable unsaid) {
            // Out of memory, perhaps. The end matters more.
        } finally {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    private void write(String sentence) throws java.io.IOException {
        stderr.write(sentence.getBytes(StandardCharsets.UTF_8));
    }
}
