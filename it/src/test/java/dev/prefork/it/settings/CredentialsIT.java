package dev.prefork.it.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.ForkException;
import dev.prefork.Worker;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Readable;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** uid and gid: only root can give others. */
class CredentialsIT {
    @RegisterExtension final Programs programs = new Programs();

    /** What any user may read; the class path of the tests may lie in root's home. */
    @TempDir Path folder;

    @BeforeEach
    void root() throws IOException {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0));
    }

    private Command java(Class<?> main, String... before) throws IOException {
        List<String> words = new ArrayList<>(List.of(before));
        words.add(Command.javaExecutable());
        words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
        words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
        words.add(new Readable(folder).classPath());
        words.add(main.getName());
        return Command.of(words.getFirst(), words.subList(1, words.size()).toArray(String[]::new));
    }

    private static List<String> ids(String process) throws IOException {
        return Files.readAllLines(Path.of("/proc", process, "status")).stream()
                .filter(line -> line.matches("(Uid|Gid|Groups|CapEff):.*"))
                .map(line -> line.replaceAll("\\s+", " ").strip())
                .toList();
    }

    /** A worker as nobody, then one as the primary itself. */
    static final class Dropping {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                List<String> before = ids("self");
                Cluster.setupPrimary(ClusterSettings.builder().uid(65534).gid(65533).build());
                Worker worker = Cluster.fork();
                Say.line("outside", ids("" + worker.process().pid()));
                worker.exited().join();
                Say.line("unchanged", before.equals(ids("self")));
            } else {
                Say.line("inside", ids("self"));
                Say.line("root's", Files.isReadable(Path.of("/etc/shadow")));
                Cluster.worker().disconnect();
            }
        }
    }

    @Rule("B6")
    @Test
    void givenAUidAndAGid_whenAWorkerRuns_thenItHasThemAndNoPrivilegesAndThePrimaryKeepsIts()
            throws IOException {
        Program primary = programs.start(java(Dropping.class));

        assertThat(primary.awaitEnd()).isZero();

        String ids =
                "[Uid: 65534 65534 65534 65534, Gid: 65533 65533 65533 65533, Groups:, CapEff:"
                        + " 0000000000000000]";
        assertThat(primary.lines())
                .contains("outside " + ids, "inside " + ids, "root's false", "unchanged true");
    }

    /** Knows nothing of us. */
    static final class Plain {
        public static void main(String[] args) throws IOException {
            Say.line("plain", ids("self"));
        }
    }

    /** Another program, as nobody, with prefork.jar that only the primary's user may read. */
    static final class Standalone {
        public static void main(String[] args) {
            Cluster.setupPrimary(
                    ClusterSettings.builder()
                            .standalone(true)
                            .exec(Plain.class.getName())
                            .args()
                            .execArgv("-cp", System.getProperty("java.class.path"))
                            .uid(65534)
                            .gid(65533)
                            .build());
            Say.line("exit", Cluster.fork().exited().join());
        }
    }

    /** SPEC B6, F10. */
    @Test
    void givenAJarThatOnlyRootMayRead_whenAnyProgramRunsAsNobody_thenItHasItsOwnCopy(
            @TempDir Path rootsOwn) throws IOException {
        List<String> prefork = Command.prefork().words();
        Path jar =
                Files.copy(
                        Path.of(prefork.get(prefork.indexOf("-jar") + 1)),
                        rootsOwn.resolve("prefork.jar"));
        Files.setPosixFilePermissions(rootsOwn, PosixFilePermissions.fromString("rwx------"));
        List<String> words = new ArrayList<>(java(Standalone.class).words());
        words.add(1, "-Ddev.prefork.agent=" + jar);

        Program primary = programs.start(new Command(words, Map.of()));

        assertThat(primary.awaitEnd()).isZero();
        assertThat(primary.values("plain"))
                .containsExactly(
                        "[Uid: 65534 65534 65534 65534, Gid: 65533 65533 65533 65533, Groups:,"
                                + " CapEff: 0000000000000000]");
    }

    /** Nobody asks for root. */
    static final class Asking {
        public static void main(String[] args) {
            Cluster.setupPrimary(ClusterSettings.builder().uid(0).build());
            try {
                Cluster.fork();
            } catch (ForkException e) {
                Say.line("refused", e.getMessage(), Cluster.workers().size());
            }
        }
    }

    @Rule({"B6", "E1"})
    @Test
    void givenAnOrdinaryUser_whenItAsksForAnother_thenForkThrowsEperm() throws IOException {
        Program primary =
                programs.start(
                        java(
                                Asking.class,
                                "setpriv",
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups"));

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.awaitValue("refused"))
                .startsWith("cannot fork: ")
                .contains("uid 0")
                .contains("EPERM")
                .endsWith(" 0");
    }
}
