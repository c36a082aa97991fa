package dev.prefork.end;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.posix.PatientWriter;

import java.time.Duration;

/**
 * The end of a process that cannot go on: one sentence, then at once. A primary that stayed would
 * accept connections that nobody serves, and supervise nobody; when it is gone its workers see the
 * end of their channels and leave, and whoever started it can start it again (SPEC F11). Safe for
 * any thread.
 *
 * <p>What it needs is there before it is needed: there may be no memory then, and no descriptor to
 * load a class from.
 */
public class LastWords {
    /** EX_SOFTWARE of {@code <sysexits.h>}. */
    public static final int EXIT_CODE = 70;

    private static final int STDERR = 2;

    /** In bytes it may be three times as much. */
    private static final int LONGEST_LINE = 1000;

    /** Nobody may read our stderr. */
    private static final Duration SAYING_MAY_TAKE = Duration.ofSeconds(1);

    private static final LastWords OF_THIS_PROCESS = new LastWords(STDERR);

    private final PatientWriter writer;

    LastWords(int descriptor) {
        this.writer = new PatientWriter(descriptor);
    }

    /** On its stderr; to be asked for before it is needed. */
    public static LastWords ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    /**
     * Ends this process with {@link #EXIT_CODE}.
     *
     * @param broken such as {@code the loop of the cluster}
     */
    public void say(String broken, Throwable fault) {
        try {
            write(sentence(broken, fault));
        } catch (Throwable unsaid) {
            // Out of memory, perhaps. The end matters more.
        } finally {
            halt(EXIT_CODE);
        }
    }

    /**
     * Writes a sentence for people, where whoever ends the process does it otherwise.
     *
     * @param sentence its first line is written, or as much as has room
     */
    public void tell(String sentence) {
        String line = sentence.lines().findFirst().orElse("");
        write("prefork: " + line.substring(0, Math.min(line.length(), LONGEST_LINE)) + "\n");
    }

    /** Without hooks: they might wait for what is broken. */
    void halt(int code) {
        Runtime.getRuntime().halt(code);
    }

    /** For a thread whose end must be that of the process. */
    public Thread.UncaughtExceptionHandler handler(String broken) {
        return (thread, fault) -> say(broken, fault);
    }

    private synchronized void write(String sentence) {
        var _ = writer.write(sentence.getBytes(UTF_8), SAYING_MAY_TAKE);
    }

    private static String sentence(String broken, Throwable fault) {
        return "prefork: "
                + broken
                + " has ended, so this process ends now and its workers with it: "
                + what(fault)
                + "\n";
    }

    /** Its first line, and where it was thrown. */
    private static String what(Throwable fault) {
        try {
            StackTraceElement[] trace = fault.getStackTrace();
            String where = trace.length == 0 ? "" : " at " + trace[0];
            return fault.toString().lines().findFirst().orElse("") + where;
        } catch (Throwable unsaid) {
            return fault.getClass().getName();
        }
    }
}
