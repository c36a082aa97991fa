package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Ports that belong to one process, of programs that do not know that they are several. */
@Rule("D3")
class OwnPortsIT {
    /** Says its pid on each of the ports that it is given. */
    private static final String SOURCE =
"""
            import java.net.InetAddress;
            import java.net.ServerSocket;
            import java.net.Socket;

            public class Ports {
                public static void main(String[] ports) throws Exception {
                    for (String port : ports) {
                        ServerSocket server = new ServerSocket(
                                Integer.parseInt(port), 50, InetAddress.getLoopbackAddress());
                        new Thread(() -> serve(server)).start();
                    }
                    System.out.println("up");
                }

                static void serve(ServerSocket server) {
                    while (true) {
                        try (Socket client = server.accept()) {
                            client.getOutputStream().write(
                                    String.valueOf(ProcessHandle.current().pid()).getBytes());
                        } catch (java.io.IOException e) {
                            return;
                        }
                    }
                }
            }
""";

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;
    private Path classes;

    @BeforeEach
    void compile() throws IOException {
        Sources sources = new Sources(folder);
        classes = sources.compile(sources.write("Ports.java", SOURCE));
    }

    private Program run(int workers, List<String> options, Object... ports) {
        List<Object> words = new ArrayList<>(List.of("run", "-w", workers));
        words.addAll(options);
        words.addAll(List.of("-cp", classes, "Ports"));
        words.addAll(List.of(ports));
        return programs.start(Command.prefork(words.toArray()));
    }

    private static List<String> pids(Program prefork) {
        String serving = prefork.awaitLine("prefork: serving .* with 2 workers");
        return List.of(serving.replaceAll(".*pids ", "").split(" ", -1));
    }

    @Test
    void givenAPortWithAnOffset_whenTwoWorkersListen_thenEachHasItsOwnAndTheOtherPortIsShared()
            throws IOException {
        int shared = Ports.row(1);
        int own = Ports.row(2);

        Program prefork = run(2, List.of("--ports", own + "=offset"), shared, own);
        List<String> pids = pids(prefork);
        prefork.awaitLine("1 [|] up");
        prefork.awaitLine("2 [|] up");

        assertThat(Client.read(own)).isEqualTo(pids.getFirst());
        assertThat(Client.read(own + 1)).isEqualTo(pids.getLast());
        assertThat(List.of(Client.read(shared), Client.read(shared)))
                .containsExactlyInAnyOrderElementsOf(pids);
    }

    /** SPEC F3, F4: also while all workers are dead, clients wait. */
    @Rule({"F3", "F4"})
    @Test
    void givenAPortWithAnOffset_whenReloadedAndKilled_thenEachSlotHasItsNumber() throws Exception {
        int shared = Ports.row(1);
        int own = Ports.row(3);
        Program prefork = run(2, List.of("--ports", own + "=offset"), shared, own);
        List<String> pids = pids(prefork);
        prefork.awaitLines("\\d [|] up", 2);

        prefork.signal("HUP");
        List<String> reloaded = reloaded(prefork);
        assertThat(List.of(Client.read(own), Client.read(own + 1))).isEqualTo(reloaded);
        assertThat(reloaded).doesNotContainAnyElementsOf(pids);
        for (String pid : reloaded) {
            Signals.send("KILL", Integer.parseInt(pid));
        }
        for (String pid : reloaded) {
            prefork.awaitLine("prefork: worker . [(]pid " + pid + "[)] died: SIGKILL; .*");
        }

        assertThat(List.of(Client.read(own), Client.read(own + 1)))
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(reloaded);
        assertThat(Ports.isFree(own + 2)).as("no third number").isTrue();
    }

    private static List<String> reloaded(Program prefork) {
        String line = prefork.awaitLine("prefork: reloaded 2 workers, pids .*");
        return List.of(line.replaceAll(".*pids ", "").split(" ", -1));
    }

    /** Two of them at once is what a reload makes. */
    @Test
    void givenAPrivatePort_whenASecondWorkerWantsIt_thenItsBindFailsAsWithoutUs()
            throws IOException {
        int shared = Ports.row(1);
        int own = Ports.row(1);

        Program prefork = run(1, List.of("--ports", own + "=private"), shared, own);
        prefork.awaitLine("1 [|] up");
        String pid = pidOfFirst(prefork);
        prefork.signal("TTIN");

        prefork.awaitLine("2 [|] Exception in thread \"main\" java.net.BindException");
        assertThat(Client.read(own)).isEqualTo(pid);
    }

    /** Binds any port for TCP and for UDP, and looks something up thirty times. */
    private static final String ANY_PORT =
            """
            import java.net.*;
            import java.nio.ByteBuffer;
            import java.nio.channels.*;

            public class AnyPort {
                public static void main(String[] arguments) throws Exception {
                    InetAddress loopback = InetAddress.getLoopbackAddress();
                    SocketAddress server = new InetSocketAddress(loopback, Integer.parseInt(arguments[0]));
                    ServerSocketChannel own = ServerSocketChannel.open().bind(new InetSocketAddress(loopback, 0));
                    DatagramChannel client = DatagramChannel.open().bind(new InetSocketAddress(loopback, 0));
                    String pid = String.valueOf(ProcessHandle.current().pid());
                    int answers = 0;
                    for (int i = 0; i < 30; i++) {
                        ByteBuffer question = ByteBuffer.wrap((pid + " " + i).getBytes());
                        client.send(question.duplicate(), server);
                        ByteBuffer answer = ByteBuffer.allocate(100);
                        client.receive(answer);
                        if (answer.flip().equals(question)) {
                            answers++;
                        }
                    }
                    System.out.println("answers " + answers);
                    System.out.println("port " + ((InetSocketAddress) own.getLocalAddress()).getPort());
                    while (true) {
                        try (SocketChannel peer = own.accept()) {
                            peer.write(ByteBuffer.wrap(pid.getBytes()));
                        }
                    }
                }
            }
            """;

    /** SPEC F2. What it asks is answered by an echo, which both workers ask at once. */
    @Rule("F2")
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenAProgramThatAsksForAnyPort_whenTwoRunIt_thenEachHasItsOwn(String policy)
            throws Exception {
        Sources sources = new Sources(folder);
        Path program = sources.compile(sources.write("AnyPort.java", ANY_PORT));
        try (DatagramSocket echo = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> echo(echo));

            Program prefork =
                    programs.start(
                            Command.prefork(
                                    "run",
                                    "-w",
                                    "2",
                                    "--policy",
                                    policy,
                                    "-cp",
                                    program,
                                    "AnyPort",
                                    echo.getLocalPort()));

            List<String> ports = prefork.awaitLines("\\d [|] port", 2);
            assertThat(prefork.lines())
                    .filteredOn(line -> line.contains("answers"))
                    .containsExactlyInAnyOrder("1 | answers 30", "2 | answers 30");
            Set<String> served = new HashSet<>();
            for (String port : ports) {
                served.add(Client.read(Integer.parseInt(port.replaceAll(".* ", ""))));
            }
            assertThat(served).as("who answers on %s", ports).hasSize(2);
        }
    }

    private static void echo(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        try {
            while (true) {
                socket.receive(packet);
                socket.send(packet);
                packet.setLength(100);
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static String pidOfFirst(Program prefork) {
        return prefork.awaitLine("prefork: serving .* with 1 worker").replaceAll(".*pids? ", "");
    }
}
