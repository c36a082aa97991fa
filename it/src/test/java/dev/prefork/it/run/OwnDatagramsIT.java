package dev.prefork.it.run;

import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Datagram ports that belong to one process. */
class OwnDatagramsIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private static List<String> pids(Program prefork, String what) {
        String line = prefork.awaitLine("prefork: " + what + " 2 workers, pids .*");
        return List.of(line.replaceAll(".*pids ", "").split(" ", -1));
    }

    /** Answers each datagram with its pid. */
    private static final String DATAGRAMS =
            """
            import java.net.*;

            public class Datagrams {
                public static void main(String[] arguments) throws Exception {
                    ServerSocket shared = new ServerSocket(Integer.parseInt(arguments[0]));
                    DatagramSocket own = new DatagramSocket(Integer.parseInt(arguments[1]));
                    byte[] pid = String.valueOf(ProcessHandle.current().pid()).getBytes();
                    while (true) {
                        DatagramPacket packet = new DatagramPacket(new byte[10], 10);
                        own.receive(packet);
                        own.send(new DatagramPacket(pid, pid.length, packet.getSocketAddress()));
                    }
                }
            }
            """;

    @Rule("F3")
    @Test
    void givenADatagramPortWithAnOffset_whenReloaded_thenEachSlotHasItsNumber() throws Exception {
        Sources sources = new Sources(folder);
        Path program = sources.compile(sources.write("Datagrams.java", DATAGRAMS));
        int own = Ports.row(3);
        Program prefork =
                programs.start(
                        Command.prefork(
                                "run",
                                "-w",
                                2,
                                "--ports",
                                own + "=offset",
                                "-cp",
                                program,
                                "Datagrams",
                                Ports.row(1),
                                own));

        assertAnswered(own, pids(prefork, "serving .*with"));
        prefork.signal("HUP");
        assertAnswered(own, pids(prefork, "reloaded"));
    }

    /** One that leaves may answer as long as it has not fallen silent. */
    private static void assertAnswered(int port, List<String> pids) {
        for (int slot = 0; slot < pids.size(); slot++) {
            int number = port + slot;
            await().pollDelay(Duration.ZERO).until(() -> ask(number), pids.get(slot)::equals);
        }
    }

    private static String ask(int port) throws IOException {
        try (DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            client.setSoTimeout(1000);
            client.send(new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), port));
            DatagramPacket answer = new DatagramPacket(new byte[10], 10);
            client.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), UTF_8);
        } catch (SocketTimeoutException unanswered) {
            return "";
        }
    }
}
