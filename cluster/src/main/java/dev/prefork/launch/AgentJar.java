package dev.prefork.launch;

import dev.prefork.ForkException;
import dev.prefork.posix.Fd;
import dev.prefork.posix.MemoryFile;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * prefork.jar: all of us in one file, an agent for any JVM. Each standalone worker gets the same
 * copy of it, in memory and sealed, so that the file may be replaced, overwritten or removed while
 * workers run and while others are started (SPEC F10).
 */
final class AgentJar {
    /** A system property that names it. */
    private static final String PROPERTY = "dev.prefork.agent";

    /** Open for as long as this process is: any worker may be the next. */
    private static Fd copy; // guarded by the class

    private AgentJar() {}

    /**
     * The copy, made at the first call.
     *
     * @return stays open; not the caller's to close
     * @throws IllegalArgumentException when this program was started without prefork.jar
     * @throws ForkException when it cannot be copied now
     */
    static synchronized Fd copy() {
        if (copy == null) {
            String named = System.getProperty(PROPERTY);
            copy = copyOf(named == null ? codeSource() : Path.of(named).toAbsolutePath());
        }
        return copy;
    }

    /** As {@link #copy}, of this file; the caller's. */
    static Fd copyOf(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw notPrefork(jar);
        }
        Fd memory;
        try {
            memory = MemoryFile.of("prefork.jar", jar);
        } catch (IOException e) {
            throw new ForkException("cannot fork: cannot copy " + jar + ": " + e.getMessage(), e);
        }
        // It is the copy that is looked at: the file may be another one by now.
        if (!isAgent(pathOf(memory.number()))) {
            memory.close();
            throw notPrefork(jar);
        }
        return memory;
    }

    /** The name by which a process can open the file that its descriptor is. */
    static Path pathOf(int descriptor) {
        return Path.of("/proc/self/fd", String.valueOf(descriptor));
    }

    private static IllegalArgumentException notPrefork(Object jar) {
        return new IllegalArgumentException(
                "standalone=true: "
                        + jar
                        + " is not prefork.jar; say where it is with -D"
                        + PROPERTY
                        + "=/path/prefork.jar");
    }

    /** The jar or folder that this class is in. */
    private static Path codeSource() {
        String location =
                String.valueOf(AgentJar.class.getProtectionDomain().getCodeSource().getLocation());
        try {
            return Path.of(URI.create(location));
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            // A jar in a jar, or in memory, which only its launcher can read.
            throw notPrefork(location);
        }
    }

    private static boolean isAgent(Path file) {
        try (JarFile jar = new JarFile(file.toFile())) {
            return Optional.ofNullable(jar.getManifest())
                    .map(Manifest::getMainAttributes)
                    .map(attributes -> attributes.getValue("Premain-Class"))
                    .filter(WorkerJvm.AGENT_CLASS::equals)
                    .isPresent();
        } catch (IOException noJar) {
            return false;
        }
    }
}
