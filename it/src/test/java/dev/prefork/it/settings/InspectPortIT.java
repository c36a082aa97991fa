package dev.prefork.it.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.ServerSocket;

/** inspectPort: a debugger for each worker. */
class InspectPortIT {
    @RegisterExtension final Programs programs = new Programs();

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    /** Two workers, each with a debugger, at ports that were free a moment ago. */
    static final class Debugged {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Cluster.setupPrimary(
                        ClusterSettings.builder()
                                .execArgv(
                                        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:1",
                                        "-Xmx64m",
                                        "--enable-native-access=ALL-UNNAMED")
                                .inspectPort(Debugged::next)
                                .windowsHide(true)
                                .build());
                Cluster.fork();
                Cluster.fork();
                Cluster.setupPrimary(ClusterSettings.builder().inspectPort(() -> 65536).build());
                try {
                    Cluster.fork();
                } catch (RuntimeException e) {
                    Say.line("refused", e.getMessage());
                }
            } else {
                Say.line("runs", Cluster.worker().id());
                Cluster.worker().disconnect();
            }
        }

        private static int next() {
            try {
                int port = freePort();
                Say.line("port", port);
                return port;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Rule({"B6", "E1"})
    @Test
    void givenAnInspectPort_whenWorkersHaveADebugger_thenEachListensOnItsOwn() {
        Program primary = programs.java(Debugged.class);

        assertThat(primary.awaitEnd()).isZero();

        for (String port : primary.awaitValues("port", 2)) {
            primary.awaitLine("Listening for transport dt_socket at address: " + port);
        }
        primary.awaitLine("runs 1");
        primary.awaitLine("runs 2");
        assertThat(primary.awaitValue("refused")).contains("inspectPort=65536");
    }
}
