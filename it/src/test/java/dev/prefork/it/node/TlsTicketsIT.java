package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;

/** TLS sessions of Node workers: the keys of their tickets travel in the frames' data. */
@Rule({"C2", "D6"})
class TlsTicketsIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"V12_10, rr", "CURRENT, rr", "V12_10, none", "CURRENT, none"})
    void givenTwoTlsWorkers_whenAClientComesBackWithItsTicket_thenEachResumesTheSession(
            NodeVersion version, String policy) throws Exception {
        Command command =
                Command.java(
                                JavaPrimary.class,
                                version.executable(),
                                Scripts.path("tickets.js"),
                                "worker",
                                certificate(version))
                        .with("NODE_CLUSTER_SCHED_POLICY", policy);
        Program primary = programs.start(command);
        primary.tell("fork node");
        int port = primary.awaitNumber("port 1");
        primary.tell("fork node");
        primary.awaitNumber("port 2");

        Program client =
                programs.start(Command.of("node", Scripts.path("tickets.js"), "client", "" + port));

        assertThat(client.awaitEnd()).isZero();
        assertThat(client.values("first")).singleElement().asString().endsWith(" false");
        assertThat(client.values("again")).hasSize(4).allMatch(line -> line.endsWith(" true"));
        if (policy.equals("rr")) {
            assertThat(client.values("again"))
                    .anyMatch(line -> line.startsWith("worker 1"))
                    .anyMatch(line -> line.startsWith("worker 2"));
        }
    }

    /** Each Node reads only what the other finds too old or too new. */
    private Path certificate(NodeVersion version) throws IOException, InterruptedException {
        Path file = folder.resolve("server.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                "changeit",
                                version == NodeVersion.V12_10
                                        ? "-J-Dkeystore.pkcs12.legacy"
                                        : "-J-Dprefork.none",
                                "-keystore",
                                file.toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        return file;
    }
}
