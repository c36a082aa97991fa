package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Readable;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Addresses that the primary's user may not bind: EACCES reaches the worker as its own. */
@Rule({"E1", "D6"})
class PermissionIT {
    private static final Path UNPRIVILEGED_FROM =
            Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");

    @RegisterExtension final Programs programs = new Programs();

    @TempDir Path folder;

    /** A Java primary that is nobody. */
    private Program primary(NodeVersion version, String policy) throws IOException {
        Readable readable = new Readable(folder);
        String node =
                version == NodeVersion.CURRENT
                        ? version.executable()
                        : readable.copy(Path.of(version.executable()), "node").toString();
        Path script = readable.copy(Path.of(Scripts.path("worker.js")), "worker.js");
        List<String> words = new ArrayList<>();
        if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            words.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        words.add(Command.javaExecutable());
        words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
        words.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
        words.addAll(List.of("-cp", readable.classPath(), JavaPrimary.class.getName()));
        words.addAll(List.of(node, script.toString()));
        return programs.start(
                new Command(words, Map.of()).with("NODE_CLUSTER_SCHED_POLICY", policy));
    }

    private static void listen(Program primary, int worker, String options) {
        primary.tell("send %d {'order':'listen',%s}".formatted(worker, options).replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource({"V12_10, rr", "V12_10, none", "CURRENT, rr", "CURRENT, none"})
    void givenAnOrdinaryUser_whenWorkersBindWhatItMayNot_thenEachHasTheErrorOfItsPlatform(
            NodeVersion version, String policy) throws IOException {
        // Not readString: the kernel gives the number to one read only, and that begins with one
        // byte.
        String from = Files.readAllLines(UNPRIVILEGED_FROM).getFirst();
        int port = Integer.parseInt(from) - 1;
        assumeTrue(port > 0, "any user may bind any port here: " + UNPRIVILEGED_FROM + "=" + from);
        Program primary = primary(version, policy);
        primary.tell("fork java");
        primary.awaitNumber("bound 1");
        primary.tell("fork node");
        primary.awaitLine("online 2");

        // An unmodified server of the JDK, then a Unix socket, in a folder of root's.
        listen(primary, 1, "'port':" + port);
        listen(primary, 1, "'options':{'path':'" + folder + "/app.sock'}");
        listen(primary, 2, "'options':{'host':'127.0.0.1','port':" + port + "}");
        listen(primary, 2, "'options':{'path':'" + folder + "/app.sock'}");

        assertThat(primary.awaitValues("message 1", 2))
                .containsOnly("{\"error\":\"java.net.BindException: Permission denied\"}");
        assertThat(primary.awaitValues("message 2", 2))
                .allMatch(message -> message.contains("\"code\":\"EACCES\""))
                .anyMatch(message -> message.contains("\"port\":" + port));
        // And the primary goes on.
        listen(primary, 1, "'port':0");
        primary.awaitNumbers("port 1", 2);
    }
}
