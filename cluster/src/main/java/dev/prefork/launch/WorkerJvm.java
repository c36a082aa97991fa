package dev.prefork.launch;

import dev.prefork.ClusterSettings;
import dev.prefork.net.ClusterSelectorProvider;
import dev.prefork.posix.Environment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a JVM needs to be a worker: what the primary adds to its command line. */
public final class WorkerJvm {
    /** Runs the program's own main class after the link to the primary is up. */
    public static final String MAIN_CLASS = "dev.prefork.worker.WorkerMain";

    /** The same, as an agent of a JVM that runs the program as it always does. */
    static final String AGENT_CLASS = "dev.prefork.agent.PreforkAgent";

    /** Its argument where it is called after all other agents. */
    public static final String LAST_OF_AGENTS = "last";

    /** Not by its class, which a primary without these options can't load: a JDK class's child. */
    private static final String ASYNCHRONOUS_PROVIDER =
            "dev.prefork.net.ClusterAsynchronousChannelProvider";

    static final String EVERYBODY = "ALL-UNNAMED";

    private WorkerJvm() {}

    /**
     * Whether the JDK and java find our classes by their names, as those of the class path and the
     * module path. Else a launcher has them in a class loader of its own (decision 0034).
     */
    static boolean isOnPath() {
        ClassLoader ours = WorkerJvm.class.getClassLoader();
        ClassLoader asked = ClassLoader.getSystemClassLoader();
        while (asked != null && !asked.equals(ours)) {
            asked = asked.getParent();
        }
        return Objects.equals(asked, ours);
    }

    /** Options of a JVM that has the same class path or module path as this one. */
    public static List<String> options() {
        List<String> options = new ArrayList<>(optionsOfAnyLoader());
        options.add(
                "-Djava.nio.channels.spi.SelectorProvider="
                        + ClusterSelectorProvider.class.getName());
        options.add("-Djava.nio.channels.spi.AsynchronousChannelProvider=" + ASYNCHRONOUS_PROVIDER);
        return List.copyOf(options);
    }

    /** Those of them that are the same wherever our classes are. */
    public static List<String> optionsOfAnyLoader() {
        String us = nameForOptions(WorkerJvm.class.getModule());
        return List.of(
                "--enable-native-access=" + us,
                "--add-exports=java.base/sun.nio.ch=" + us,
                "--add-opens=java.base/sun.nio.ch=" + us,
                "--add-opens=java.base/java.net=" + us,
                "--add-exports=java.base/jdk.internal.access=" + us,
                "--add-exports=java.base/jdk.internal.misc=" + us);
    }

    /**
     * All options that a standalone worker with these settings would have, but for ours, from
     * wherever its JVM reads them: words, variables, files of options.
     */
    public static List<String> optionsOf(ClusterSettings settings) {
        return JvmOptions.ofWorker(settings, Map.of(), Environment.ofThisProcess()).all().toList();
    }

    /** The executable of a worker's JVM, if it is to be one. */
    public static Path javaOf(ClusterSettings settings) {
        return Path.of(settings.execPath().orElseGet(WorkerCommands::runningJava));
    }

    /** The folder of the JDK that this executable is of. */
    public static Path homeOf(Path java) throws IOException {
        return java.toRealPath().getParent().getParent();
    }

    /** On a module path our jar is a module of its own, on a class path part of the unnamed. */
    private static String nameForOptions(Module module) {
        return module.isNamed() ? module.getName() : EVERYBODY;
    }
}
