package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Sampled;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hundreds of ports, and limits of descriptors that are just enough, or too low. */
class ManyPortsIT {
    private static final int MANY = 900;

    private static final String SOURCE =
            """
            import java.net.*;
            import java.nio.ByteBuffer;
            import java.nio.channels.*;

            public class ManyPorts {
                public static void main(String[] arguments) throws Exception {
                    int first = Integer.parseInt(arguments[0]);
                    Selector selector = Selector.open();
                    for (int port = first; port < first + Integer.parseInt(arguments[1]); port++) {
                        ServerSocketChannel server = ServerSocketChannel.open();
                        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                        server.configureBlocking(false);
                        server.register(selector, SelectionKey.OP_ACCEPT);
                    }
                    System.out.println("all listen");
                    while (true) {
                        selector.select(key -> {
                            try (SocketChannel client = ((ServerSocketChannel) key.channel()).accept()) {
                                if (client != null) {
                                    client.write(ByteBuffer.wrap(
                                            String.valueOf(ProcessHandle.current().pid()).getBytes()));
                                }
                            } catch (java.io.IOException gone) {
                                // The client has.
                            }
                        });
                    }
                }
            }
            """;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;
    private Path source;

    @BeforeEach
    void write() throws IOException {
        source = Files.writeString(folder.resolve("ManyPorts.java"), SOURCE);
    }

    @ParameterizedTest
    @Sampled(1)
    @ValueSource(strings = {"rr", "none"})
    void givenALimitThatIsEnough_whenTwoWorkersHave900Ports_thenTheyServeEachThroughAReload(
            String policy) throws Exception {
        int first = Ports.row(MANY);
        Program prefork = run(4096, policy, first);
        prefork.awaitLines("\\d [|] all listen", 2);
        // Which of them is the system's to say, under none.
        int serving = policy.equals("rr") ? 2 : 1;
        assertThat(served(first)).hasSizeGreaterThanOrEqualTo(serving);
        assertThat(served(first + MANY - 1)).hasSizeGreaterThanOrEqualTo(serving);

        prefork.signal("HUP");
        prefork.awaitLine("prefork: reloaded 2 workers.*");

        assertThat(served(first + MANY - 1)).hasSizeGreaterThanOrEqualTo(serving);
        assertThat(prefork.lines()).noneMatch(line -> line.contains("Too many open files"));
    }

    @Test
    void givenALimitThatIsTooLow_whenTheWorkersEnd_thenOneSentenceSaysHowToRaiseIt()
            throws Exception {
        Program prefork = run(300, "rr", Ports.row(MANY));

        prefork.awaitLines("prefork: worker .* died: exit code 1.*", 4);

        assertThat(prefork.lines())
                .filteredOn(line -> line.contains("too few descriptors"))
                .singleElement()
                .asString()
                .contains("300 (ulimit -n)", "ulimit -n 1200", "LimitNOFILE=1200");
    }

    private Program run(int limit, String policy, int first) {
        List<String> words =
                new ArrayList<>(List.of("sh", "-c", "ulimit -n \"$0\" && exec \"$@\"", "" + limit));
        words.addAll(
                Command.prefork(
                                "run",
                                "-w",
                                "2",
                                "--policy",
                                policy,
                                "--ready-after",
                                "0.1",
                                source,
                                first,
                                MANY)
                        .words());
        return programs.start(new Command(words, Map.of()));
    }

    /** Who answers, of twenty clients in a row. */
    private static Set<String> served(int port) throws IOException {
        Set<String> pids = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            pids.add(Client.read(port));
        }
        return pids;
    }
}
