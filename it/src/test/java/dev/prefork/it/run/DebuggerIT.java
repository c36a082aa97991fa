package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The debugger of each worker; a taken port would end its JVM at the start. */
@Rule("F3")
class DebuggerIT {
    private static final String JDWP = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n";
    private static final String AT_START = "Listening for transport dt_socket at address: ";
    private static final String LATER = "Listening for transport dt_socket ";
    private static final String HANDSHAKE = "JDWP-Handshake";

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;
    private OneProcess server;
    private int port;

    @BeforeEach
    void prepare() throws IOException {
        server = new OneProcess(programs, folder);
        port = Ports.row(4);
    }

    /** A debugger answers there, to one front end at a time. */
    private static void assertDebugged(int port) throws IOException {
        try (Client frontEnd = Client.connect(port)) {
            assertThat(frontEnd.send(HANDSHAKE).readSome(HANDSHAKE.length())).isEqualTo(HANDSHAKE);
        }
    }

    /** Of the workers with this number and the next; each front end that leaves is told as well. */
    private void assertDebugged(Program prefork, int firstWorker, String line) throws IOException {
        for (int slot = 0; slot < 2; slot++) {
            prefork.awaitLine((firstWorker + slot) + " [|] " + line + (port + slot));
            assertDebugged(port + slot);
        }
        assertThat(Ports.isFree(port + 2)).as("no third number").isTrue();
        assertThat(Ports.isFree(port + 3)).as("no fourth number").isTrue();
    }

    @ParameterizedTest
    @Sampled(1)
    @ValueSource(strings = {"-agentlib:jdwp=", "-Xrunjdwp:"})
    void givenADebugger_whenReloadedTwiceAndKilled_thenEachSlotHasItsNumber(String option)
            throws Exception {
        Program prefork =
                server.start(
                        server.command(
                                "-J"
                                        + option
                                        + "transport=dt_socket,suspend=n,address=*:"
                                        + port
                                        + ",server=y"));

        server.servesBy(server.pids());
        assertDebugged(prefork, 1, AT_START);
        for (int reload = 1; reload <= 2; reload++) {
            List<String> pids = server.pidsAfterReload();
            prefork.awaitLines("\\d+ [|] prefork: the debugger listens at [*]:" + port, reload);
            assertDebugged(prefork, 1 + 2 * reload, LATER);
            server.servesBy(pids);
            if (reload == 2) {
                Signals.send("KILL", Integer.parseInt(pids.getLast()));
            }
        }
        prefork.awaitLine("7 [|] " + AT_START + (port + 1));
        assertDebugged(port + 1);
    }

    /** Before the newcomer's debugger could have heard of it. */
    @Test
    void givenAReload_whenTheOldOneDiesAtOnce_thenTheNewOnesDebuggerListensAllTheSame()
            throws Exception {
        Program prefork = server.start(server.command("-J" + JDWP + ",address=" + port));
        int first = Integer.parseInt(server.pids().getFirst());

        prefork.signal("HUP");
        prefork.awaitLine("prefork: reloading 2 workers");
        Signals.send("KILL", first);

        prefork.awaitLine("3 [|] Listening for transport dt_socket .*" + port);
        assertDebugged(port);
    }

    /** The old one has a connection, and so ends when that does. */
    @Test
    void givenThatTheOldOneStaysLong_whenReloadedAgain_thenNobodyDiesOfItsPort() throws Exception {
        Path slow = folder.resolve("slow");
        Sources sources = new Sources(slow);
        Path classes =
                sources.compile(
                        sources.write(
                                "Slow.java",
                                """
                                import java.net.*;

                                public class Slow {
                                    public static void main(String[] arguments) throws Exception {
                                        ServerSocket server =
                                                new ServerSocket(Integer.parseInt(arguments[0]));
                                        while (true) {
                                            Socket client = server.accept();
                                            client.getOutputStream().write('!');
                                            new Thread(() -> {
                                                try (client) {
                                                    client.getInputStream().read();
                                                } catch (java.io.IOException e) {
                                                    e.printStackTrace();
                                                }
                                            }).start();
                                        }
                                    }
                                }
                                """));
        int shared = Ports.row(1);
        Program prefork =
                programs.start(
                        Command.prefork(
                                "run",
                                "--ready-after",
                                0.3,
                                "-w",
                                1,
                                "-J" + JDWP + ",address=" + port,
                                "-cp",
                                classes,
                                "Slow",
                                shared));
        prefork.awaitLine("prefork: serving .*");

        try (Client first = Client.connect(shared)) {
            assertThat(first.readSome(1)).isEqualTo("!");
            prefork.signal("HUP");
            prefork.awaitLines("prefork: reloaded 1 worker, .*", 1);
            prefork.signal("HUP");
            prefork.awaitLines("prefork: reloaded 1 worker, .*", 2);
            assertThat(prefork.lines()).noneMatch(line -> line.contains("ERROR"));
            assertDebugged(port);
        }

        prefork.awaitLine("3 [|] " + LATER + port);
        assertDebugged(port);
    }

    @ParameterizedTest
    @Sampled(1)
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void givenADebuggerInAVariable_whenReloaded_thenEachSlotHasItsNumberAndPreforkNone(
            String variable) throws Exception {
        Program prefork =
                server.start(server.command().with(variable, JDWP + ",address=127.0.0.1:" + port));

        server.servesBy(server.pids());
        assertDebugged(prefork, 1, AT_START);
        server.servesBy(server.pidsAfterReload());
        assertDebugged(prefork, 3, LATER);
    }

    @Test
    void givenADebuggerInAFileOfOptions_whenTwoWorkersRun_thenEachSlotHasItsNumber()
            throws Exception {
        Path options =
                Files.writeString(
                        folder.resolve("options"),
                        "-Xmx64m # small\n\"" + JDWP + ",address=" + port + "\"");
        Program prefork = server.start(server.command("-J@" + options));

        server.servesBy(server.pids());
        assertDebugged(prefork, 1, AT_START);
    }

    /** Any port, and a debugger that is asked to call its front end, are as they are. */
    @ParameterizedTest
    @Sampled(1)
    @ValueSource(strings = {"address=0", "quiet=n"})
    void givenAnyPort_whenReloaded_thenEachDebuggerHasOne(String address) throws Exception {
        Program prefork = server.start(server.command("-J" + JDWP + "," + address));

        server.pids();
        prefork.awaitLines("\\d [|] Listening for transport dt_socket at address: \\d+", 2);
        server.pidsAfterReload();
        prefork.awaitLines("\\d [|] Listening for transport dt_socket at address: \\d+", 4);
    }

    @Test
    void givenNodeWithAnInspector_whenTwoWorkersRun_thenEachSlotHasItsNumber() throws Exception {
        Path script =
                Files.writeString(
                        folder.resolve("server.js"),
                        "require('net').createServer(c => c.end('' + process.pid)).listen("
                                + Ports.row(1)
                                + ")");
        Program prefork =
                programs.start(
                        Command.prefork("run", "-w", 2, "--exec", "node", script)
                                .with("NODE_OPTIONS", "--inspect=127.0.0.1:" + port));

        prefork.awaitLine("1 [|] Debugger listening on ws://127.0.0.1:" + port + "/.*");
        prefork.awaitLine("2 [|] Debugger listening on ws://127.0.0.1:" + (port + 1) + "/.*");
    }
}
