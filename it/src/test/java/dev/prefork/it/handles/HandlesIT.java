package dev.prefork.it.handles;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Descriptors;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Handles between Java processes, and between Java and both Nodes. */
@Rule({"A25", "C3"})
class HandlesIT {
    private static final List<String> PRIMARY_OPTIONS =
            List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=java.base/java.net=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC");

    @RegisterExtension final Programs programs = new Programs();

    private Program primary(String... arguments) {
        List<String> words = new ArrayList<>(List.of(Command.javaExecutable()));
        words.addAll(PRIMARY_OPTIONS);
        words.addAll(List.of("-cp", System.getProperty("java.class.path")));
        words.add(HandleProgram.class.getName());
        words.addAll(Arrays.asList(arguments));
        return programs.start(
                new Command(words, Map.of()).with("NODE_CLUSTER_SCHED_POLICY", "none"));
    }

    private static void end(Program primary) {
        primary.tell("end");
        assertThat(primary.awaitEnd()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "give, SocketChannel, worker", "take, SocketChannel, primary",
        "give, Socket, worker", "take, Socket, primary"
    })
    void givenAConnection_whenItIsSent_thenOnlyTheOtherProcessHasIt(
            String order, String kind, String owner) throws IOException {
        Program primary = primary();

        primary.tell(order + " " + kind);

        assertThat(Client.read(primary.awaitNumber("port"))).isEqualTo(owner + "\n");
        assertThat(primary.awaitValue("open")).isEqualTo("false");
        end(primary);
    }

    @ParameterizedTest
    @CsvSource({"give, worker", "take, primary"})
    void givenAUnixConnection_whenItIsSent_thenTheOtherProcessAnswers(String order, String owner)
            throws IOException {
        Program primary = primary();

        primary.tell(order + " Unix");

        Path path = Path.of(primary.awaitValue("path"));
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            // Else the read may last for ever.
            primary.awaitLine(owner + " got Unix with a handle");
            byte[] answer = Channels.newInputStream(client).readAllBytes();
            assertThat(new String(answer, UTF_8)).isEqualTo(owner + "\n");
        }
        end(primary);
    }

    @Rule("A7")
    @ParameterizedTest
    @CsvSource({
        "give, ServerSocketChannel, worker", "take, ServerSocketChannel, primary",
        "give, ServerSocket, worker", "take, ServerSocket, primary"
    })
    void givenAListener_whenItIsSentAndClosedHere_thenTheOtherProcessServesIt(
            String order, String kind, String owner) throws IOException {
        Program primary = primary();

        primary.tell(order + " " + kind);

        int port = primary.awaitNumber("port");
        for (int i = 0; i < 3; i++) {
            assertThat(Client.read(port)).isEqualTo(owner + "\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "give, DatagramChannel, worker", "take, DatagramChannel, primary",
        "give, DatagramSocket, worker", "take, DatagramSocket, primary"
    })
    void givenADatagramSocket_whenItIsSentAndClosedHere_thenTheOtherProcessAnswers(
            String order, String kind, String owner) throws IOException {
        Program primary = primary();

        primary.tell(order + " " + kind);

        assertThat(datagramAnswer(primary.awaitNumber("udp"))).isEqualTo(owner);
    }

    @Test
    void givenASentConnection_whenItIsSentAgain_thenTheMessageGoesAlone() throws IOException {
        Program primary = primary();

        primary.tell("give twice");

        assertThat(Client.read(primary.awaitNumber("port"))).isEqualTo("worker\n");
        primary.awaitLine("worker got first with a handle");
        primary.awaitLine("worker got again without a handle");
        end(primary);
    }

    @Test
    void givenKeepOpen_whenAConnectionIsSent_thenItStaysOpenHere() throws IOException {
        Program primary = primary();

        primary.tell("give kept");

        assertThat(Client.read(primary.awaitNumber("port"))).isEqualTo("worker\n");
        assertThat(primary.awaitValue("open")).isEqualTo("true");
        end(primary);
    }

    @Rule("C7")
    @Test
    void givenAMessageWithoutJson_whenAConnectionIsSentWithIt_thenTheConnectionStays()
            throws IOException {
        Program primary = primary();

        primary.tell("give refused");

        assertThat(Client.read(primary.awaitNumber("port"))).isEqualTo("still mine\n");
        assertThat(primary.awaitLine("refused")).contains("java.lang.Object");
        end(primary);
    }

    @Rule("C5")
    @ParameterizedTest
    @CsvSource({"give, worker", "take, primary"})
    void givenABigMessage_whenItCarriesAHandle_thenBothArriveAndTheNextAfterThem(
            String order, String owner) throws IOException {
        Program primary = primary();

        primary.tell(order + " big");

        assertThat(Client.read(primary.awaitNumber("port"))).isEqualTo(owner + "\n");
        primary.awaitLine(owner + " got after without a handle");
        assertThat(primary.lines())
                .containsSubsequence(
                        owner + " got big with a handle", owner + " got after without a handle");
        end(primary);
    }

    @Test
    void givenAConnectionThatItsClientReset_whenItIsSent_thenTheMessageArrivesAlone()
            throws IOException {
        Program primary = primary();

        primary.tell("give reset");
        try (Client client = Client.connect(primary.awaitNumber("port"))) {
            primary.awaitLine("accepted");
            client.reset();
        }

        primary.awaitLine("worker got reset without a handle");
        end(primary);
    }

    @Test
    void givenBothSidesSendHandlesAtOnce_thenAllArrive() throws IOException {
        Program primary = primary();

        for (int i = 0; i < 20; i++) {
            primary.tell("take ServerSocketChannel");
            primary.tell("give ServerSocketChannel");
        }

        List<String> answers = new ArrayList<>();
        for (int port : primary.awaitNumbers("port", 40)) {
            answers.add(Client.read(port));
        }
        assertThat(answers).containsOnly("worker\n", "primary\n");
        assertThat(answers.stream().filter("worker\n"::equals)).hasSize(20);
    }

    @Rule("A2")
    @Test
    void givenLongLivedProcesses_whenHandlesGoEachWay_thenNoDescriptorIsLeft() throws IOException {
        Program primary = primary();
        String[] ways = {"give one", "take one"};

        Descriptors.awaitNoMoreAfterRounds(
                round -> {
                    for (int i = 0; i < ways.length; i++) {
                        int done = (round - 1) * ways.length + i;
                        primary.tell(ways[i] + " SocketChannel");
                        Client.read(primary.awaitNumbers("port", 2 * done + 1).getLast());
                        primary.tell(ways[i] + " ServerSocketChannel");
                        Client.read(primary.awaitNumbers("port", 2 * done + 2).getLast());
                        primary.tell(ways[i] + " DatagramChannel");
                        datagramAnswer(primary.awaitNumbers("udp", done + 1).getLast());
                    }
                },
                primary.pid(),
                primary.awaitNumber("pid"));
    }

    private static String datagramAnswer(int port) throws IOException {
        try (DatagramSocket client = new DatagramSocket()) {
            client.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
            InetAddress loopback = InetAddress.getLoopbackAddress();
            client.send(new DatagramPacket(new byte[] {1}, 1, loopback, port));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            client.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), UTF_8);
        }
    }
}
