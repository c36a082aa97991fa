package dev.prefork.it.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.SchedulingPolicy;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Workers that share the port of a java.net.ServerSocket, in an unmodified server. */
@Rule("D3")
class ServerSocketIT {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    /** Two workers with a server each: arguments are its kind, and the key store for TLS. */
    static final class Echo {
        public static void main(String[] args) throws Exception {
            if (Cluster.isPrimary()) {
                Serving.printEvents();
                Cluster.onOnline(worker -> Serving.say("pid", worker.id(), worker.process().pid()));
                Cluster.fork();
                Cluster.fork();
                System.in.read();
                Cluster.disconnect(() -> Serving.say("all disconnected"));
                return;
            }
            InetAddress loopback = InetAddress.getLoopbackAddress();
            switch (args[0]) {
                case "platform" -> {
                    ServerSocket server = new ServerSocket(0, 50, loopback);
                    Thread.ofPlatform().start(() -> serve(server, Thread.ofPlatform()));
                }
                case "virtual" -> {
                    ServerSocket server = new ServerSocket();
                    server.bind(new InetSocketAddress(loopback, 0));
                    Thread.ofVirtual().start(() -> serve(server, Thread.ofVirtual()));
                }
                case "tls" -> {
                    ServerSocket server =
                            tls(Path.of(args[1]))
                                    .getServerSocketFactory()
                                    .createServerSocket(0, 50, loopback);
                    Thread.ofPlatform().start(() -> serve(server, Thread.ofPlatform()));
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
        }

        private static void serve(ServerSocket server, Thread.Builder threads) {
            try {
                while (true) {
                    Socket connection = server.accept();
                    threads.start(() -> echo(connection));
                }
            } catch (IOException e) {
                Serving.say("ended", e);
            }
        }

        private static void echo(Socket connection) {
            try (connection) {
                BufferedReader lines = reader(connection);
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String answer = Cluster.worker().id() + " " + line + "\n";
                    connection.getOutputStream().write(answer.getBytes(UTF_8));
                }
            } catch (IOException clientIsGone) {
                Serving.say("gone", clientIsGone);
            }
        }
    }

    private static BufferedReader reader(Socket connection) throws IOException {
        return new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
    }

    /** A certificate of its own making, which the same key store makes trusted. */
    private static SSLContext tls(Path keyStore) throws Exception {
        KeyStore keys = KeyStore.getInstance(keyStore.toFile(), PASSWORD);
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private Path makeKeyStore() throws Exception {
        Path file = folder.resolve("keys.p12");
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD));
        Process keytool = new ProcessBuilder(command).inheritIO().start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        return file;
    }

    /**
     * On one carrier thread: a pinned accept would keep every other virtual thread from running.
     */
    private static Command onOneCarrier(Command command) {
        List<String> words = new ArrayList<>(command.words());
        words.add(1, "-Djdk.virtualThreadScheduler.parallelism=1");
        words.add(1, "-Djdk.virtualThreadScheduler.maxPoolSize=1");
        return new Command(words, command.environment());
    }

    private Program start(String policy, Object... arguments) {
        return programs.start(
                onOneCarrier(Command.java(Echo.class, arguments))
                        .with(SchedulingPolicy.VARIABLE, policy));
    }

    private static String ask(int port, String text) throws IOException {
        try (Client client = Client.connect(port)) {
            return client.send(text + "\n").readLine();
        }
    }

    @Rule({"A1", "A2", "A4", "A5", "A8", "A19", "A33"})
    @ParameterizedTest
    @CsvSource({"rr, platform", "rr, virtual", "none, platform", "none, virtual"})
    void givenTwoWorkersWithAServerSocket_whenClientsConnect_thenTheyShareThePortUntilTheyLeave(
            String policy, String kind) throws Exception {
        Program primary = start(policy, kind);
        int port = primary.awaitNumber("port 1");
        assertThat(primary.awaitNumber("port 2")).isEqualTo(port);
        assertThat(primary.awaitValue("listening 1")).isEqualTo("127.0.0.1 TCP4 none");

        Set<String> workers = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            String answer = ask(port, "text " + i);
            assertThat(answer).matches("[12] text " + i);
            workers.add(answer.substring(0, 1));
        }
        if (policy.equals("rr")) {
            assertThat(workers).containsExactlyInAnyOrder("1", "2");
        }
        Signals.send("KILL", primary.awaitNumber("pid 1"));
        primary.awaitLine("exit 1 ");
        for (int i = 0; i < 5; i++) {
            assertThat(ask(port, "after")).isEqualTo("2 after");
        }

        try (Client open = Client.connect(port)) {
            assertThat(open.send("before\n").readLine()).isEqualTo("2 before");
            primary.tell("end");
            awaitRefusal(port);
            // The worker waits for its connection, which works.
            assertThat(open.send("still\n").readLine()).isEqualTo("2 still");
            assertThat(primary.values("exit 2")).isEmpty();
        }
        primary.awaitLine("all disconnected");
        primary.awaitLine("exit 2 code 0");
        assertThat(primary.lines()).noneMatch(line -> line.startsWith("ended"));
    }

    private static void awaitRefusal(int port) {
        await().until(
                        () -> {
                            try {
                                Client.connect(port).close();
                                return false;
                            } catch (SocketException refused) {
                                return true;
                            }
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenTwoWorkersWithAnSslServerSocket_whenClientsShakeHands_thenTheyAreAnswered(
            String policy) throws Exception {
        Path keyStore = makeKeyStore();
        Program primary = start(policy, "tls", keyStore);
        int port = primary.awaitNumber("port 1");
        assertThat(primary.awaitNumber("port 2")).isEqualTo(port);

        SSLContext context = tls(keyStore);
        Set<String> workers = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            try (SSLSocket client =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(InetAddress.getLoopbackAddress(), port)) {
                client.setSoTimeout(20_000);
                client.getOutputStream().write("secret\n".getBytes(UTF_8));
                String answer = reader(client).readLine();
                assertThat(answer).matches("[12] secret");
                workers.add(answer);
            }
        }
        if (policy.equals("rr")) {
            assertThat(workers).hasSize(2);
        }
        primary.tell("end");
        primary.awaitLine("all disconnected");
        primary.awaitLine("exit 1 code 0");
        primary.awaitLine("exit 2 code 0");
    }

    /** What programs do around a bind. */
    static final class Binding {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Serving.printEvents();
                for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                    Cluster.fork();
                }
                System.in.read();
                return;
            }
            InetAddress loopback = InetAddress.getLoopbackAddress();
            new ServerSocket().close();
            try {
                new ServerSocket(Integer.parseInt(args[0]), 50, loopback).close();
                Serving.say("not refused");
            } catch (BindException e) {
                Serving.say("refused", e.getMessage());
            }
            ServerSocket first = new ServerSocket(0, 50, loopback);
            ServerSocket second = new ServerSocket(0, 50, loopback);
            Serving.say("random", first.getLocalPort(), second.getLocalPort());
            try {
                first.bind(null);
                Serving.say("bound twice");
            } catch (SocketException e) {
                Serving.say("again", e.getMessage());
            }
            if (args[1].equals("1")) {
                int port = first.getLocalPort();
                for (int i = 0; i < 3; i++) {
                    first.close();
                    first = new ServerSocket(port, 50, loopback);
                }
                try (Socket client = new Socket(loopback, port);
                        Socket accepted = first.accept()) {
                    Serving.say("probed", accepted.getPort() == client.getLocalPort());
                }
            }
        }
    }

    @Rule({"A8", "E1"})
    @Test
    void givenServerSocketsOfEveryKindOfBind_whenTwoWorkersMakeThem_thenTheyAreAsChannelsAre()
            throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Program primary = programs.java(Binding.class, taken.getLocalPort(), 2);

            assertThat(primary.awaitValues("refused", 2))
                    .containsExactly("Address already in use", "Address already in use");
            List<String> random = primary.awaitValues("random", 2);
            assertThat(random.get(0)).isEqualTo(random.get(1));
            assertThat(random.get(0).split(" ", -1)).doesNotHaveDuplicates();
            assertThat(primary.awaitValues("again", 2))
                    .containsExactly("Already bound", "Already bound");
        }
    }

    @Test
    void givenAProgramThatProbesAPort_whenItClosesAndListensAgain_thenItIsServed()
            throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Program primary = programs.java(Binding.class, taken.getLocalPort(), 1);

            assertThat(primary.awaitValue("probed")).isEqualTo("true");
        }
    }
}
