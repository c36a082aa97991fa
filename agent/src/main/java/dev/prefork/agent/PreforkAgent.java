package dev.prefork.agent;

import java.io.PrintStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.util.Collections;

/** Hands on to the worker's own agent, where the JVM can have it. */
public final class PreforkAgent {
    /** Has the same method. */
    private static final String WORKERS = "dev.prefork.worker.WorkerAgent";

    /** Of a JVM that nobody has asked to be a worker: it may become one. */
    private static final String JOIN = "join";

    private static final int OLDEST = 25;

    /** EX_CONFIG of {@code <sysexits.h>}: this process cannot be what it was started as. */
    static final int EXIT_CODE = 78;

    /** Absent where the JVM runs no program, as with {@code -version}. */
    private static final String PROGRAM = "sun.java.command";

    private PreforkAgent() {}

    /**
     * Called by the JVM. What fails ends it here: an exception out of this method would end it as
     * well, by a signal, with a stack trace and two assertions of its own below.
     */
    public static void premain(String arguments, Instrumentation instrumentation) {
        boolean joins = JOIN.equals(arguments);
        if (joins && System.getProperty(PROGRAM) == null) {
            return;
        }
        if (joins && feature() < OLDEST) {
            tellThatItIsTooOld(System.err);
            return;
        }
        try {
            Class<?> workers = Class.forName(WORKERS);
            open(workers, instrumentation);
            workers.getMethod("premain", String.class, Instrumentation.class)
                    .invoke(null, arguments, instrumentation);
        } catch (InvocationTargetException e) {
            tellThatItCannotGoOn(e.getCause(), System.err);
            Runtime.getRuntime().halt(EXIT_CODE);
        } catch (ReflectiveOperationException | LinkageError e) {
            tellThatItCannotGoOn(e, System.err);
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** On a module path it may be in a module that exports less. */
    private static void open(Class<?> workers, Instrumentation instrumentation) {
        Module theirs = workers.getModule();
        Module ours = PreforkAgent.class.getModule();
        String name = workers.getPackageName();
        if (!theirs.isExported(name, ours)) {
            instrumentation.redefineModule(
                    theirs,
                    Collections.emptySet(),
                    Collections.singletonMap(name, Collections.singleton(ours)),
                    Collections.emptyMap(),
                    Collections.emptySet(),
                    Collections.emptyMap());
        }
    }

    /** A sentence for the user if it is one; where nobody has expected the fault, all of it. */
    static void tellThatItCannotGoOn(Throwable fault, PrintStream to) {
        boolean isSentence =
                fault instanceof IllegalStateException || fault instanceof IllegalArgumentException;
        to.println("prefork: " + (isSentence ? fault.getMessage() : fault));
        if (!isSentence) {
            fault.printStackTrace(to);
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
