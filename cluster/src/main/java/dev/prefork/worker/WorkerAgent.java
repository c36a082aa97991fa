package dev.prefork.worker;

import java.net.URISyntaxException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;

/**
 * The entry of a worker whose program knows nothing of us: an agent, which runs before the
 * program's main class and leaves no trace under it. The java launcher itself starts the program,
 * so that jars, classes, modules and source files all start as they always do.
 */
public final class WorkerAgent {
    private static final String CLASS_PATH = "java.class.path";

    private WorkerAgent() {}

    /** Called by the JVM, because of {@code -javaagent:prefork.jar}. */
    public static void premain(String arguments) {
        hideFromProgram();
        var _ = WorkerRuntime.startFor(WorkerRuntime.Entry.AGENT);
    }

    /** The jar that this class is in. */
    private static Path codeSource() {
        try {
            return Path.of(
                    WorkerAgent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("our own code source is no file", e);
        }
    }

    /** The program sees the properties that it would see without us. */
    private static void hideFromProgram() {
        // Made now, from the names in these properties; the JDK never reads them again.
        var _ = SelectorProvider.provider();
        System.clearProperty("java.nio.channels.spi.SelectorProvider");
        var _ = AsynchronousChannelProvider.provider();
        System.clearProperty("java.nio.channels.spi.AsynchronousChannelProvider");
        // The JVM appends an agent's jar to its class path, and to this property.
        Path jar = codeSource();
        String suffix = java.io.File.pathSeparator + jar;
        String classPath = System.getProperty(CLASS_PATH, "");
        if (classPath.endsWith(suffix)) {
            System.setProperty(
                    CLASS_PATH, classPath.substring(0, classPath.length() - suffix.length()));
        }
    }
}
