package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Ports of its own that a worker opens while it leaves: its last clients may need them. */
class LatePortsIT {
    /** For each line that a client sends, opens any port in each way there is, and says so. */
    private static final String SOURCE =
            """
            import java.io.*;
            import java.net.*;
            import java.nio.channels.*;

            public class DataPorts {
                public static void main(String[] arguments) throws Exception {
                    InetAddress loopback = InetAddress.getLoopbackAddress();
                    ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]), 50, loopback);
                    while (true) {
                        Socket client = server.accept();
                        Thread.ofPlatform().start(() -> serve(client));
                    }
                }

                static void serve(Socket client) {
                    try (client) {
                        BufferedReader lines = new BufferedReader(new InputStreamReader(client.getInputStream()));
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            client.getOutputStream().write((ports() + "\\n").getBytes());
                        }
                    } catch (IOException gone) {
                        // The client has.
                    }
                }

                static String ports() {
                    SocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
                    try (ServerSocket socket = new ServerSocket(0);
                            ServerSocketChannel channel = ServerSocketChannel.open().bind(any);
                            AsynchronousServerSocketChannel later = AsynchronousServerSocketChannel.open().bind(any);
                            DatagramChannel packets = DatagramChannel.open().bind(any);
                            DatagramSocket datagrams = new DatagramSocket()) {
                        try (SocketChannel data = SocketChannel.open(channel.getLocalAddress());
                                SocketChannel accepted = channel.accept()) {
                            return "five ports";
                        }
                    } catch (Exception refused) {
                        return refused.toString();
                    }
                }
            }
            """;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    @Rule({"F2", "F5"})
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenAClientOfAWorkerThatLeaves_whenItNeedsADataPort_thenTheWorkerOpensOne(String policy)
            throws Exception {
        Sources sources = new Sources(folder);
        Path classes = sources.compile(sources.write("DataPorts.java", SOURCE));
        int port = Ports.row(1);
        Program prefork =
                programs.start(
                        Command.prefork(
                                "run",
                                "-w",
                                "1",
                                "--policy",
                                policy,
                                "--idle-grace",
                                "never",
                                "-cp",
                                classes,
                                "DataPorts",
                                port));
        prefork.awaitLine("prefork: serving .*");
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            BufferedReader answers =
                    new BufferedReader(
                            new InputStreamReader(
                                    client.getInputStream(), StandardCharsets.US_ASCII));
            client.getOutputStream().write('\n');
            assertThat(answers.readLine()).isEqualTo("five ports");

            prefork.signal("HUP");
            prefork.awaitLine("prefork: reloaded .*");

            client.getOutputStream().write('\n');
            assertThat(answers.readLine()).isEqualTo("five ports");
        }
    }
}
