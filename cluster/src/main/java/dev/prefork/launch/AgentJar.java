package dev.prefork.launch;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** prefork.jar: all of us in one file, an agent for any JVM. */
final class AgentJar {
    /** A system property that names it. */
    private static final String PROPERTY = "dev.prefork.agent";

    private AgentJar() {}

    /**
     * Where it is.
     *
     * @throws IllegalArgumentException when this program was started without it
     */
    static Path find() {
        String named = System.getProperty(PROPERTY);
        Path jar = named == null ? codeSource() : Path.of(named).toAbsolutePath();
        if (!isAgent(jar)) {
            throw new IllegalArgumentException(
                    "standalone=true: "
                            + jar
                            + " is not prefork.jar; say where it is with -D"
                            + PROPERTY
                            + "=/path/prefork.jar");
        }
        return jar;
    }

    /** The jar or folder that this class is in. */
    private static Path codeSource() {
        try {
            return Path.of(
                    AgentJar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("our own code source is no file", e);
        }
    }

    private static boolean isAgent(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (JarFile jar = new JarFile(file.toFile())) {
            return Optional.ofNullable(jar.getManifest())
                    .map(Manifest::getMainAttributes)
                    .map(attributes -> attributes.getValue("Premain-Class"))
                    .filter(WorkerJvm.AGENT_CLASS::equals)
                    .isPresent();
        } catch (IOException unreadable) {
            return false;
        }
    }
}
