package dev.prefork.net;

import jdk.internal.misc.VM;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The jar or folder that our classes are in. */
public final class OwnJar {
    private static final String DESCRIPTORS = "/proc/self/fd/";
    private static final String AGENT = "-javaagent:" + DESCRIPTORS;

    private OwnJar() {}

    /**
     * Under its canonical name.
     *
     * @throws IllegalStateException when it cannot be told
     */
    public static Path path() {
        try {
            return isLoadedByTheJvm()
                    ? appended()
                    : Path.of(
                            OwnJar.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException("our own code source is no file", e);
        }
    }

    /** Its protection domain would initialise classes of the JDK before the program's main. */
    static boolean isLoadedByTheJvm() {
        return OwnJar.class.getClassLoader() == null;
    }

    /**
     * Classes that the JVM itself has loaded have no source: from a file beside its class data,
     * whose content is that of the agent's. That is there in any case.
     */
    private static Path appended() throws IOException {
        String descriptor =
                Stream.of(VM.getRuntimeArguments())
                        .filter(option -> option.startsWith(AGENT))
                        .map(option -> option.substring(AGENT.length()).replaceFirst("=.*", ""))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no agent is our jar"));
        return new File(DESCRIPTORS + descriptor).getCanonicalFile().toPath();
    }
}
