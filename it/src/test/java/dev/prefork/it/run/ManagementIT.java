package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The JVM's own remote management: each worker is reached by a real client of JMX. */
@Rule("F3")
class ManagementIT {
    private static final String JMX = "com.sun.management.jmxremote.";

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;
    private OneProcess server;
    private int port;

    @BeforeEach
    void prepare() throws IOException {
        server = new OneProcess(programs, folder);
        port = Ports.row(2);
    }

    /** A process of its own, since RMI keeps its connections for a while. */
    static final class Managing {
        @SuppressWarnings("BanJNDI") // of a process of this test
        public static void main(String[] ports) throws IOException {
            for (String port : ports) {
                JMXServiceURL url =
                        new JMXServiceURL(
                                "service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi");
                try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
                    RuntimeMXBean managed =
                            ManagementFactory.newPlatformMXBeanProxy(
                                    connector.getMBeanServerConnection(),
                                    ManagementFactory.RUNTIME_MXBEAN_NAME,
                                    RuntimeMXBean.class);
                    System.out.println("managed " + managed.getPid());
                }
            }
            System.exit(0);
        }
    }

    private void assertManaged(List<String> pids) {
        assertThat(programs.java(Managing.class, port, port + 1).awaitValues("managed", 2))
                .isEqualTo(pids);
    }

    @Test
    void givenAPort_whenReloaded_thenEachSlotIsManagedAtItsNumber() throws IOException {
        server.start(
                server.command(
                        "-J-D" + JMX + "port=" + port,
                        "-J-D" + JMX + "authenticate=false",
                        "-J-D" + JMX + "ssl=false",
                        "-J-Djava.rmi.server.hostname=127.0.0.1"));
        List<String> pids = server.pids();

        server.servesBy(pids);
        assertManaged(pids);
        assertManaged(server.pidsAfterReload());
    }

    /** What clients are told to connect to next is in the stub: the number that was asked for. */
    @Test
    void givenThatObjectsHaveTheSamePort_whenReloaded_thenEachSlotIsManagedAtItsNumber()
            throws IOException {
        server.start(
                server.command("--jvm", "-Djava.rmi.server.hostname=127.0.0.1")
                        .with(
                                "JAVA_TOOL_OPTIONS",
                                "-D%1$sport=%2$d -D%1$srmi.port=%2$d -D%1$sauthenticate=false -D%1$sssl=false"
                                        .formatted(JMX, port)));
        List<String> pids = server.pids();

        assertManaged(pids);
        assertManaged(server.pidsAfterReload());
    }

    @Test
    void givenPortsInTheAgentsFile_whenTwoWorkersRun_thenEachSlotIsManagedAtItsNumber()
            throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("management.properties"),
                        "%1$sport=%2$d\n%1$srmi.port=%2$d\n%1$sauthenticate=false\n%1$sssl=false\n"
                                .formatted(JMX, port));
        server.start(
                server.command(
                        "-J-Dcom.sun.management.config.file=" + file,
                        "-J-Djava.rmi.server.hostname=127.0.0.1"));

        assertManaged(server.pids());
    }
}
