package dev.prefork.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** The folder of a JDK, a JRE or an image of jlink that workers are to run on. */
record JavaHome(Path folder) {
    /** What our classes are compiled for, and whose sockets they know from inside. */
    private static final int OLDEST = 25;

    private static final String FOR_AGENTS = "java.instrument";

    /**
     * The java in it.
     *
     * @throws UsageException when no worker can run on it
     */
    String executable() {
        Path java = folder.resolve("bin").resolve("java");
        if (!Files.isExecutable(java)) {
            throw new UsageException(
                    "there is no "
                            + java
                            + "; --java-home names the folder of a JDK, a JRE or an image of"
                            + " jlink");
        }
        Properties release = release();
        feature(release)
                .filter(version -> version < OLDEST)
                .ifPresent(
                        old -> {
                            throw new UsageException(
                                    "%s is Java %d; workers need %d or later: sharing needs the insides of the JDK's sockets, as they have been since, and java.lang.foreign"
                                            .formatted(folder, old, OLDEST));
                        });
        if (!hasModule(release, FOR_AGENTS)) {
            throw new UsageException(
                    "%s has no module %s, by which a worker is one; make the image with it: jlink --add-modules %s,…"
                            .formatted(folder, FOR_AGENTS, FOR_AGENTS));
        }
        return java.toString();
    }

    /** Its file {@code release}, in which values are in double quotes; empty without it. */
    private Properties release() {
        Properties release = new Properties();
        try (InputStream file = Files.newInputStream(folder.resolve("release"))) {
            release.load(file);
        } catch (IOException unknown) {
            // Then the worker says what is wrong.
        }
        return release;
    }

    private static Optional<Integer> feature(Properties release) {
        String version = unquoted(release, "JAVA_VERSION");
        String first = version.split("[^0-9]", 2)[0];
        return first.isEmpty() ? Optional.empty() : Optional.of(Integer.valueOf(first));
    }

    private static boolean hasModule(Properties release, String module) {
        String modules = unquoted(release, "MODULES");
        return modules.isEmpty() || List.of(modules.split(" ", -1)).contains(module);
    }

    private static String unquoted(Properties release, String key) {
        return release.getProperty(key, "").replace("\"", "");
    }
}
