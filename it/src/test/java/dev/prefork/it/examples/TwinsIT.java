package dev.prefork.it.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The programs of examples/programs, each with its twin in Node: both do the same, as far as a test
 * can see, and that in Java is not much longer.
 */
class TwinsIT {
    private static final Path FOLDER =
            Path.of("..", "examples", "programs").toAbsolutePath().normalize();
    private static final double LONGEST = 1.3;

    @RegisterExtension final Programs programs = new Programs();

    enum Twin {
        JAVA,
        NODE;

        /** The program of this name. */
        Command command(String name, Object... arguments) {
            List<String> words = new ArrayList<>();
            if (this == JAVA) {
                String start =
                        Arrays.stream(name.split("-", -1))
                                .map(
                                        part ->
                                                part.substring(0, 1).toUpperCase(Locale.ROOT)
                                                        + part.substring(1))
                                .collect(Collectors.joining());
                words.addAll(
                        List.of(
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx128m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                FOLDER.resolve(start + ".java").toString()));
            } else {
                words.add(FOLDER.resolve(name + ".js").toString());
            }
            Arrays.stream(arguments).map(String::valueOf).forEach(words::add);
            return Command.of(
                    this == JAVA ? Command.javaExecutable() : "node", words.toArray(String[]::new));
        }
    }

    /** One of those that serve, once they do. */
    private Program server(Twin twin, String name, int port, Object... more) {
        Object[] arguments = Stream.concat(Stream.of(port), Stream.of(more)).toArray();
        Program program = programs.start(twin.command(name, arguments));
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(ConnectException.class)
                .until(
                        () -> {
                            Client.connect(port).close();
                            return true;
                        });
        return program;
    }

    private void end(Program program) {
        program.signal("TERM");
        program.awaitEnd();
    }

    @Sampled(1)
    @ParameterizedTest
    @EnumSource
    void askReply(Twin twin) {
        Program program = programs.start(twin.command("ask-reply"));

        assertThat(program.awaitEnd()).isZero();

        assertThat(program.lines())
                .containsExactly("16.0: 4.0", "-1.0: no root of a negative number");
    }

    @Sampled(1)
    @ParameterizedTest
    @EnumSource
    void jobPool(Twin twin) {
        Program program = programs.start(twin.command("job-pool"));

        assertThat(program.awaitEnd()).isZero();

        assertThat(program.lines()).contains("once more: job 7", "2870");
    }

    @Sampled(1)
    @ParameterizedTest
    @EnumSource
    void silentLogs(Twin twin) {
        Program program = programs.start(twin.command("silent-logs"));

        assertThat(program.awaitEnd()).isZero();

        assertThat(program.lines())
                .containsExactlyInAnyOrder("[1] I am worker 1", "[2] I am worker 2");
    }

    @Sampled(1)
    @ParameterizedTest
    @EnumSource
    void leaderCron(Twin twin) {
        Program program = programs.start(twin.command("leader-cron"));
        int first = program.awaitNumbers("tick", 2).getLast();

        Signals.send("KILL", first);

        await().atMost(Duration.ofSeconds(60))
                .until(() -> new HashSet<>(program.values("tick")).size() == 2);
        List<String> ticks = program.values("tick");
        assertThat(ticks.subList(0, ticks.lastIndexOf(String.valueOf(first)) + 1))
                .as("one at a time")
                .containsOnly(String.valueOf(first));
        end(program);
    }

    @Sampled(1)
    @ParameterizedTest
    @EnumSource
    void rateLimiter(Twin twin) throws Exception {
        int port = Ports.row(1);
        Program program = server(twin, "rate-limiter", port);

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            try (Client client = Client.connect(port)) {
                client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                answers.add(client.readToEnd().substring("HTTP/1.1 ".length()).substring(0, 3));
            }
        }

        assertThat(answers).containsExactly("200", "200", "200", "200", "200", "429", "429");
        end(program);
    }

    @Sampled(1)
    @ParameterizedTest
    @EnumSource
    void sseBroadcast(Twin twin) throws Exception {
        int port = Ports.row(1);
        Program program = server(twin, "sse-broadcast", port);
        try (Client one = Client.connect(port);
                Client two = Client.connect(port)) {
            for (Client client : List.of(one, two)) {
                client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
                awaitLine(client, ": welcome");
            }

            try (Client speaker = Client.connect(port)) {
                speaker.send("GET /say?hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                assertThat(speaker.readToEnd()).contains(" 204 ");
            }

            awaitLine(one, "data: hello");
            awaitLine(two, "data: hello");
        }
        end(program);
    }

    private static void awaitLine(Client client, String wanted) throws IOException {
        String line = client.readLine().strip();
        while (!line.equals(wanted)) {
            line = client.readLine().strip();
        }
    }

    @Sampled(1)
    @ParameterizedTest
    @EnumSource
    void sticky(Twin twin) throws Exception {
        int port = Ports.row(1);
        Program program = server(twin, "sticky", port);
        Set<String> all = new HashSet<>();
        for (int i = 1; i <= 8; i++) {
            InetAddress from = InetAddress.ofLiteral("127.0.0." + i);
            Set<String> ofOne = new HashSet<>();
            for (int again = 0; again < 3; again++) {
                try (Client client = Client.connectFrom(from, port)) {
                    ofOne.add(client.readToEnd());
                }
            }
            assertThat(ofOne).hasSize(1);
            all.addAll(ofOne);
        }

        assertThat(all).containsExactlyInAnyOrder("worker 1\n", "worker 2\n");
        end(program);
    }

    @Sampled(1)
    @ParameterizedTest
    @EnumSource
    void rollingReload(Twin twin) throws Exception {
        int port = Ports.row(1);
        Program program = server(twin, "rolling-reload", port);
        await().until(() -> ids(port).equals(Set.of("1", "2")));

        program.tell("reload");
        program.awaitLine("reloaded");

        assertThat(ids(port)).containsExactlyInAnyOrder("3", "4");
        end(program);
    }

    private static Set<String> ids(int port) throws IOException {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            String answer = Client.get(port, "/");
            // Either way of HTTP to send a body without a length.
            ids.add(answer.contains("\r\n") ? answer.split("\r\n", -1)[1] : answer);
        }
        return ids;
    }

    @Sampled(1)
    @ParameterizedTest
    @EnumSource
    void udpEcho(Twin twin) throws Exception {
        int port = Ports.row(1);
        Program program = programs.start(twin.command("udp-echo", port));
        try (DatagramSocket client = new DatagramSocket()) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            client.setSoTimeout(500);
            byte[] sent = "hello".getBytes(UTF_8);
            byte[] back = new byte[100];
            DatagramPacket answer = new DatagramPacket(back, back.length);

            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(
                            () -> {
                                client.send(new DatagramPacket(sent, sent.length));
                                client.receive(answer);
                                return true;
                            });

            assertThat(new String(back, 0, answer.getLength(), UTF_8)).isEqualTo("hello");
        }
        end(program);
    }

    @Sampled(1)
    @ParameterizedTest
    @EnumSource
    void unixSocket(Twin twin, @TempDir Path folder) {
        Path path = folder.resolve("socket");
        Program program = programs.start(twin.command("unix-socket", path));

        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(
                        () -> {
                            Set<String> answers = new HashSet<>();
                            for (int i = 0; i < 4; i++) {
                                answers.add(readAll(path));
                            }
                            assertThat(answers).containsOnly("worker 1\n", "worker 2\n");
                        });
        end(program);
    }

    private static String readAll(Path path) throws IOException {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(path));
            return new String(Channels.newInputStream(client).readAllBytes(), UTF_8);
        }
    }

    @Sampled(1)
    @ParameterizedTest
    @EnumSource
    void tls(Twin twin, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("key.p12");
        Program keytool =
                programs.start(
                        Command.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                ("-genkeypair -alias server -keyalg RSA -keysize 2048 -dname"
                                                + " CN=localhost -ext SAN=dns:localhost -validity 1"
                                                + " -storetype PKCS12 -storepass secret -keystore "
                                                + file)
                                        .split(" ", -1)));
        assertThat(keytool.awaitEnd()).isZero();
        int port = Ports.row(1);
        Program program = server(twin, "tls", port, file, "secret");

        assertThat(answerOver(trusting(file), port)).matches("worker [12]");
        end(program);
    }

    private static SSLContext trusting(Path file) throws Exception {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore keys = KeyStore.getInstance(file.toFile(), "secret".toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static String answerOver(SSLContext context, int port) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Sampled(1)
    @ParameterizedTest
    @EnumSource
    void groups(Twin twin) throws Exception {
        int port = Ports.row(1);
        Program program = server(twin, "groups", port);
        program.awaitLine("report ready");
        program.awaitLine("all serve");

        assertThat(Client.get(port, "/")).contains("144");
        end(program);
    }

    // Their lengths.

    @Test
    void noProgramIsMuchLongerThanItsTwin() throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(FOLDER)) {
            names =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".js"))
                            .map(name -> name.substring(0, name.length() - ".js".length()))
                            .toList();
        }

        assertThat(names)
                .hasSize(12)
                .allSatisfy(
                        name ->
                                assertThat(lines(Twin.JAVA, name))
                                        .as(name)
                                        .isLessThanOrEqualTo(LONGEST * lines(Twin.NODE, name)));
    }

    /** Those that are neither empty nor a comment. */
    private static double lines(Twin twin, String name) throws IOException {
        String file =
                twin.command(name).words().stream()
                        .filter(word -> word.startsWith(FOLDER.toString()))
                        .findFirst()
                        .orElseThrow();
        return Files.readAllLines(Path.of(file)).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("//"))
                .count();
    }
}
