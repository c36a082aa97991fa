package dev.prefork.it.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.ListenOptions;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Readable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What docs/security.md says: a primary listens for its workers wherever it may itself. */
class NoBoundaryIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    /** A worker as nobody. */
    static final class Asking {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Cluster.setupPrimary(ClusterSettings.builder().uid(65534).gid(65534).build());
                Cluster.fork();
            } else {
                Path socket = Path.of(args[0]);
                Say.line("may itself", Files.isExecutable(socket.getParent()));
                Cluster.listen(ListenOptions.path(socket));
                Say.line("listens");
            }
        }
    }

    @Test
    void givenAFolderOfRoots_whenAWorkerThatIsNobodyListensThere_thenItsPrimaryDoesItForIt()
            throws IOException {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0));
        String classPath = new Readable(folder).classPath();
        Path ofRoot = Files.createDirectory(folder.resolve("root"));
        Files.setPosixFilePermissions(ofRoot, PosixFilePermissions.fromString("rwx------"));
        Path socket = ofRoot.resolve("app.sock");

        Program primary =
                programs.start(
                        Command.of(
                                Command.javaExecutable(),
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath,
                                Asking.class.getName(),
                                socket.toString()));

        assertThat(primary.awaitValue("may itself")).isEqualTo("false");
        primary.awaitLine("listens");
        assertThat(socket).exists();
    }
}
