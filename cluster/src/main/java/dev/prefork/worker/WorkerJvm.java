package dev.prefork.worker;

import dev.prefork.net.ClusterSelectorProvider;
import dev.prefork.posix.Fd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/** What a JVM needs to be a worker: what the primary adds to its command line. */
public final class WorkerJvm {
    /** Runs the program's own main class after the link to the primary is up. */
    public static final String MAIN_CLASS = "dev.prefork.worker.WorkerMain";

    /** Not by its class, which a primary without these options can't load: a JDK class's child. */
    private static final String ASYNCHRONOUS_PROVIDER =
            "dev.prefork.net.ClusterAsynchronousChannelProvider";

    /** A system property that names prefork.jar. */
    private static final String AGENT = "dev.prefork.agent";

    private static final String EVERYBODY = "ALL-UNNAMED";

    private WorkerJvm() {}

    /** Options of a JVM that has the same class path or module path as this one. */
    public static List<String> options() {
        return options(
                nameForOptions(ClusterSelectorProvider.class.getModule()),
                nameForOptions(Fd.class.getModule()));
    }

    /** Options of a JVM that has only the program's own class path, and {@link #agent}. */
    public static List<String> standaloneOptions() {
        return options(EVERYBODY, EVERYBODY);
    }

    /**
     * prefork.jar: all of us in one file, an agent for any JVM.
     *
     * @throws IllegalArgumentException when this program was started without it
     */
    public static Path agent() {
        String named = System.getProperty(AGENT);
        Path jar = named == null ? codeSource() : Path.of(named).toAbsolutePath();
        boolean isAgent =
                Files.isRegularFile(jar)
                        && WorkerAgent.class
                                .getName()
                                .equals(manifest(jar).getValue("Premain-Class"));
        if (!isAgent) {
            throw new IllegalArgumentException(
                    "standalone=true: "
                            + jar
                            + " is not prefork.jar; say where it is with -D"
                            + AGENT
                            + "=/path/prefork.jar");
        }
        return jar;
    }

    /** The jar or folder that this class is in. */
    static Path codeSource() {
        try {
            return Path.of(
                    WorkerJvm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("our own code source is no file", e);
        }
    }

    private static List<String> options(String net, String posix) {
        return List.of(
                "--enable-native-access=" + posix,
                "--add-exports=java.base/sun.nio.ch=" + net,
                "--add-opens=java.base/sun.nio.ch=" + net,
                "--add-opens=java.base/java.net=" + net,
                "--add-exports=java.base/jdk.internal.access=" + net,
                "--add-exports=java.base/jdk.internal.misc=" + net,
                "-Djava.nio.channels.spi.SelectorProvider="
                        + ClusterSelectorProvider.class.getName(),
                "-Djava.nio.channels.spi.AsynchronousChannelProvider=" + ASYNCHRONOUS_PROVIDER);
    }

    /** On a module path our jars are modules of their own, on a class path part of the unnamed. */
    private static String nameForOptions(Module module) {
        return module.isNamed() ? module.getName() : EVERYBODY;
    }

    /**
     * The main class of an executable jar.
     *
     * @throws IllegalArgumentException when its manifest names none
     */
    public static String mainClassOf(Path jar) {
        String name = manifest(jar).getValue(Attributes.Name.MAIN_CLASS);
        if (name == null) {
            throw new IllegalArgumentException("exec=" + jar + ": the manifest has no Main-Class");
        }
        return name;
    }

    /** What java -jar reads from the manifest, and java -cp does not. */
    public static List<String> optionsOfManifest(Path jar) {
        Attributes manifest = manifest(jar);
        List<String> options = new ArrayList<>();
        add(options, "--add-exports=", manifest.getValue("Add-Exports"));
        add(options, "--add-opens=", manifest.getValue("Add-Opens"));
        return options;
    }

    private static void add(List<String> options, String option, String packages) {
        if (packages != null) {
            for (String name : packages.trim().split("\\s+", -1)) {
                options.add(option + name + "=" + EVERYBODY);
            }
        }
    }

    private static Attributes manifest(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest() == null
                    ? new Attributes()
                    : file.getManifest().getMainAttributes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }
}
