package dev.prefork.agent;

import java.io.PrintStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;

/** Hands on to the worker's own agent, where the JVM can have it. */
public final class PreforkAgent {
    /** Has the same method. */
    private static final String WORKERS = "dev.prefork.worker.WorkerAgent";

    /** Of a JVM that nobody has asked to be a worker: it may become one. */
    private static final String JOIN = "join";

    private static final int OLDEST = 25;

    /** Absent where the JVM runs no program, as with {@code -version}. */
    private static final String PROGRAM = "sun.java.command";

    private PreforkAgent() {}

    /**
     * Called by the JVM.
     *
     * @throws Exception that of the worker's agent, which ends the JVM
     */
    public static void premain(String arguments, Instrumentation instrumentation) throws Exception {
        boolean joins = JOIN.equals(arguments);
        if (joins && System.getProperty(PROGRAM) == null) {
            return;
        }
        if (joins && feature() < OLDEST) {
            tellThatItIsTooOld(System.err);
            return;
        }
        try {
            Class.forName(WORKERS)
                    .getMethod("premain", String.class, Instrumentation.class)
                    .invoke(null, arguments, instrumentation);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception) {
                throw (Exception) e.getCause();
            }
            throw e;
        }
    }

    private static int feature() {
        return Integer.parseInt(System.getProperty("java.specification.version"));
    }

    private static void tellThatItIsTooOld(PrintStream to) {
        to.println(
                "prefork: the Java "
                        + feature()
                        + " in "
                        + System.getProperty("java.home")
                        + " shares no port with other workers; Java "
                        + OLDEST
                        + " or later does: set JAVA_HOME or PATH");
    }
}
