package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.it.support.Descriptors;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Nothing of the cluster can be seen or reached from outside. */
@Rule("D7")
class SecrecyIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Two listening workers, then a third one that is only ls. */
    static final class Service {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.fork();
                Cluster.fork().onListening(address -> forkList());
                Commands.forEach(command -> {});
            } else {
                Servers.sayId(0);
            }
        }

        private static void forkList() {
            Cluster.setupPrimary(
                    ClusterSettings.builder()
                            .execPath("ls")
                            .execArgv()
                            .exec("--format=single-column")
                            .args("/proc/self/fd")
                            .build());
            Cluster.fork();
        }
    }

    @Test
    void givenACluster_thenItsUnixSocketsHaveNoNames() throws IOException {
        Program primary = started();

        List<String> sockets =
                Stream.of(primary.pid(), primary.awaitNumber("pid 1"), primary.awaitNumber("pid 2"))
                        .flatMap(pid -> Descriptors.of(pid).stream())
                        .filter(descriptor -> descriptor.contains("socket:["))
                        .map(descriptor -> descriptor.replaceAll(".*\\[(\\d+)]", "$1"))
                        .toList();
        // Num RefCount Protocol Flags Type St Inode Path
        List<String> ours =
                Files.readAllLines(Path.of("/proc/net/unix")).stream()
                        .map(line -> line.replaceAll("^(\\S+ +){6}", ""))
                        .filter(line -> sockets.contains(line.replaceAll(" .*", "")))
                        .toList();

        assertThat(ours).hasSizeGreaterThanOrEqualTo(4).noneMatch(line -> line.contains(" "));
    }

    /** Descriptor 3 is its channel, and 4 the folder that ls reads. */
    @Test
    void givenAPrimaryWithWorkersAndAPort_whenItForks_thenTheNewProcessInheritsItsChannelOnly() {
        Program primary = started();

        assertThat(primary.lines().stream().filter(line -> line.matches("\\d+")))
                .containsExactly("0", "1", "2", "3", "4");
    }

    /** The JDK's own: it has some that survive exec, and closes them itself in its children. */
    static final class NoCluster {
        public static void main(String[] args) throws IOException {
            Servers.serve(0, connection -> {});
            Events.say("ready");
        }
    }

    @Test
    void givenACluster_thenAllDescriptorsButThoseOfTheJdkAreClosedOnExec() {
        Program primary = started();
        Program plain = programs.java(NoCluster.class);
        plain.awaitLine("ready");

        assertThat(inheritable(primary.pid())).isEmpty();
        int ofTheJdk = inheritable(plain.pid()).size();
        assertThat(inheritable(primary.awaitNumber("pid 1"))).hasSizeLessThanOrEqualTo(ofTheJdk);
        assertThat(inheritable(primary.awaitNumber("pid 2"))).hasSizeLessThanOrEqualTo(ofTheJdk);
    }

    private Program started() {
        Program primary = programs.java(Service.class);
        primary.awaitLine("exit 3 code 0");
        primary.awaitLine("disconnect 3");
        return primary;
    }

    /** Descriptors that are neither files nor standard streams and survive exec. */
    private static List<String> inheritable(int pid) {
        return Descriptors.of(pid).stream()
                .filter(descriptor -> !descriptor.matches("[012]=.*"))
                .filter(descriptor -> !closesOnExec(pid, descriptor.replaceAll("=.*", "")))
                .toList();
    }

    /** Flag O_CLOEXEC, octal 02000000, of /proc/PID/fdinfo/NUMBER. */
    private static boolean closesOnExec(int pid, String number) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", "" + pid, "fdinfo", number))) {
            return lines.filter(line -> line.startsWith("flags:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(6).strip(), 8))
                    .anyMatch(flags -> (flags & 02000000) != 0);
        } catch (IOException closedMeanwhile) {
            return true;
        }
    }
}
