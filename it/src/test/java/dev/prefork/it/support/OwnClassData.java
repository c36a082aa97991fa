package dev.prefork.it.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The archive from which prefork's own JVM maps its classes, as under its launcher: made once for
 * each jar.
 */
final class OwnClassData {
    private static final Path SCRIPT = Path.of("../cli/src/main/sh/own-class-data.sh");

    /** What prefork's own JVM is told of it. */
    static final List<String> OPTIONS = options();

    private OwnClassData() {}

    private static List<String> options() {
        Path jar = Command.preforkJar();
        Path archive = jar.resolveSibling("prefork.jsa");
        FirstStep.alone(
                () -> {
                    if (!isUpToDate(archive, jar)) {
                        make(archive, jar);
                    }
                });
        return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:aot=off");
    }

    private static void make(Path archive, Path jar) {
        FirstStep.run(
                List.of(
                        "sh",
                        SCRIPT.toString(),
                        Command.javaExecutable(),
                        jar.toString(),
                        archive.toString()));
    }

    private static boolean isUpToDate(Path archive, Path jar) {
        try {
            return Files.exists(archive)
                    && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar))
                            >= 0;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
