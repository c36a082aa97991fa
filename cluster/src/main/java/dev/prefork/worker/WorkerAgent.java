package dev.prefork.worker;

import dev.prefork.launch.JoinVariables;
import dev.prefork.launch.WorkerJvm;
import dev.prefork.net.ClusterAsynchronousChannelProvider;
import dev.prefork.net.ClusterSelectorProvider;
import dev.prefork.net.JdkPackages;
import dev.prefork.net.ListenBrokers;
import dev.prefork.net.OwnJar;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Environment;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.ThisProcess;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The entry of a worker whose program knows nothing of us: an agent, which runs before the
 * program's main class and leaves no trace under it. The java launcher itself starts the program,
 * so that jars, classes, modules and source files all start as they always do.
 */
public final class WorkerAgent {
    private static final String CLASS_PATH = "java.class.path";
    private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");
    private static final Pattern OURS = Pattern.compile("^-javaagent:/proc/self/fd/\\d+ ");

    private static final String LAST = "_JAVA_OPTIONS";
    private static final Pattern OURS_AT_END =
            Pattern.compile("(^| )-javaagent:/proc/self/fd/\\d+=" + WorkerJvm.LAST_OF_AGENTS + "$");

    private static boolean called;

    /** The begin of a property's name, a number follows. */
    private static final String ADDED_MODULE = "jdk.module.addmods.";

    private WorkerAgent() {}

    /**
     * Called by the first agent, {@code -javaagent:prefork.jar}; more than once where variables
     * name us as well, before or after other agents.
     */
    public static void premain(String arguments, Instrumentation instrumentation) {
        if (WorkerJvm.LAST_OF_AGENTS.equals(arguments)) {
            DebuggerMayListen.initialised();
        } else if (!called) {
            called = true;
            if (JoinVariables.AGENT_ARGUMENT.equals(arguments)) {
                if (KnownJdk.orAlone()) {
                    JdkPackages.open(instrumentation);
                    Joining.take().ifPresent(WorkerAgent::prepare);
                }
            } else {
                KnownJdk.orEnd();
                JdkPackages.open(instrumentation);
                keepFromChildren(OwnJar.path());
                hideFromProgram(OwnJar.path());
                WorkerRuntime.startFor(Entry.AGENT).ifPresent(WorkerAgent::prepareOwnPorts);
            }
        }
    }

    /** Nothing of this is seen by a program that never listens. */
    private static void prepare(Joining joining) {
        hideFromProgram(OwnJar.path());
        WorkerRuntime.shareSockets();
        ListenBrokers.install(joining);
        ManagementPorts.shift(joining.ownPorts());
    }

    private static void prepareOwnPorts(WorkerRuntime worker) {
        ManagementPorts.shift(OwnPorts.of(worker.self().id(), worker.options().ports()));
        worker.options()
                .debugger()
                .ifPresent(
                        address ->
                                System.err.println(
                                        "prefork: the debugger listens at "
                                                + address
                                                + " as soon as the worker that is replaced has"
                                                + " ended"));
    }

    /**
     * The jar is a descriptor that this process was started with, under its canonical name: other
     * processes are not to have it, and here the JDK may open it again.
     */
    private static void keepFromChildren(Path jar) {
        Path descriptors = Path.of("/proc", String.valueOf(ThisProcess.pid()), "fd");
        if (descriptors.equals(jar.getParent())) {
            try {
                var _ = Descriptors.adopt(Integer.parseInt(jar.getFileName().toString()));
            } catch (PosixException e) {
                throw new IllegalStateException("our own jar is closed", e);
            }
        }
    }

    /** The program sees the properties that it would see without us. */
    private static void hideFromProgram(Path jar) {
        // Where the primary has put us before other agents, and after them.
        VARIABLES.forEach(variable -> Environment.cut(variable, OURS));
        Environment.cut(LAST, OURS_AT_END);
        // Made now, from the names in these properties; the JDK never reads them again.
        with(
                "java.nio.channels.spi.SelectorProvider",
                ClusterSelectorProvider.class,
                SelectorProvider::provider);
        with(
                "java.nio.channels.spi.AsynchronousChannelProvider",
                ClusterAsynchronousChannelProvider.class,
                AsynchronousChannelProvider::provider);
        // The JVM appends an agent's jar to its class path, and some to this property, as it was
        // named.
        String classPath = System.getProperty(CLASS_PATH, "");
        int last = classPath.lastIndexOf(File.pathSeparatorChar);
        if (last >= 0 && isSame(classPath.substring(last + 1), jar)) {
            System.setProperty(CLASS_PATH, classPath.substring(0, last));
        }
        // The JDK removes them as it reads them, but not where its modules come from an archive.
        for (int i = 0; System.clearProperty(ADDED_MODULE + i) != null; i++) {
            // One for each module.
        }
    }

    /** With this property, which is afterwards what the user has said, if anything. */
    private static void with(String property, Class<?> ours, Supplier<?> provider) {
        String asked = System.setProperty(property, ours.getName());
        if (!ours.isInstance(provider.get())) {
            throw new IllegalStateException(
                    "an agent that comes before Prefork's, by JAVA_TOOL_OPTIONS or"
                            + " JDK_JAVA_OPTIONS, has opened a channel, so that none can be shared;"
                            + " name it in the command line: prefork run -javaagent:JAR …");
        }
        if (asked == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, asked);
        }
    }

    private static boolean isSame(String name, Path canonical) {
        try {
            return new File(name).getCanonicalPath().equals(canonical.toString());
        } catch (IOException noFile) {
            return false;
        }
    }
}
