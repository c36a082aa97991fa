package dev.prefork.it.node;

import dev.prefork.it.support.Command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/** The command as users have it, in a folder of its own: its script, and a build that is there. */
final class Checkout {
    private static final List<String> MODULES =
            List.of(
                    "agent",
                    "posix",
                    "ipc",
                    "net",
                    "supervise",
                    "cluster",
                    "cli",
                    "examples",
                    "bench");

    private Checkout() {}

    /** Makes it in the folder, and returns the script; the build is never too old. */
    static Path in(Path home) throws IOException {
        Path script = home.resolve("prefork");
        // Failsafe runs in the module's folder.
        Files.copy(Path.of("../prefork"), script, StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(home.resolve("pom.xml"));
        for (String module : MODULES) {
            Files.createDirectories(home.resolve(module).resolve("src/main"));
            Files.createFile(home.resolve(module).resolve("pom.xml"));
        }
        Path build = Files.createDirectories(home.resolve("target/builds/made"));
        Files.copy(Command.preforkJar(), build.resolve("prefork.jar"));
        Path built = Files.createFile(build.resolve("built"));
        var _ = Files.setLastModifiedTime(built, FileTime.from(Instant.now().plusSeconds(3600)));
        var _ = Files.createSymbolicLink(build.resolveSibling("current"), Path.of("made"));
        return script;
    }
}
