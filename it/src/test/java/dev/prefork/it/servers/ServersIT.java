package dev.prefork.it.servers;

import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.MultipleFailuresError;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Server programs that know nothing of Prefork run as two workers on one port. A usual build starts
 * one for each kind of socket, under one policy; with -Pservers all of them, and with
 * -Dprefork.update the outcome is written to docs/servers.md.
 */
@Rule("D3")
class ServersIT {
    private static final boolean ALL = Boolean.getBoolean("prefork.servers.all");
    private static final int REQUESTS = ALL ? 1000 : 200;
    private static final Path TABLE = ServerProgram.PROJECT.resolve("docs/servers.md");

    private static final Outcomes OUTCOMES = new Outcomes();

    @TempDir static Path keys;
    private static SelfSigned key;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    @BeforeAll
    static void makeAKey() throws IOException, InterruptedException {
        key = SelfSigned.in(keys);
    }

    @AfterAll
    static void writeTheTable() throws IOException, InterruptedException {
        if (Boolean.getBoolean("prefork.update")) {
            OUTCOMES.write(TABLE, REQUESTS);
        }
    }

    static Stream<Arguments> serversAndPolicies() {
        if (ALL) {
            return ServerProgram.all().stream().flatMap(server -> of(server, "rr", "none"));
        }
        List<ServerProgram> usual = ServerProgram.usual();
        return IntStream.range(0, usual.size())
                .boxed()
                .flatMap(i -> of(usual.get(i), i % 2 == 0 ? "rr" : "none"));
    }

    private static Stream<Arguments> of(ServerProgram server, String... policies) {
        return Stream.of(policies).map(policy -> Arguments.of(server, policy));
    }

    @ParameterizedTest(name = "{0}, policy {1}")
    @MethodSource("serversAndPolicies")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void anUnmodifiedServerSharesItsPort(ServerProgram server, String policy) throws Exception {
        OUTCOMES.begin(server, policy);
        try (Connection.Target target = target(server)) {
            List<String> jvmOptions =
                    server.protocol() == ServerProgram.Protocol.HTTPS
                            ? key.jvmOptions()
                            : List.of();
            Prefork prefork =
                    Prefork.run(programs, policy, jvmOptions, server.command(target.argument()));
            Set<Integer> pids = prefork.awaitServing();
            runAll(new Checks(programs, server, target, prefork, pids), server, policy);
        }
    }

    private interface Check {
        void run() throws Exception;
    }

    /** One that fails does not keep the others from being tried. */
    private static void runAll(Checks checks, ServerProgram server, String policy) {
        List<Throwable> failures = new ArrayList<>();
        for (String name : Outcomes.CHECKS) {
            Check check =
                    switch (name) {
                        case "requests" -> () -> checks.requests(REQUESTS);
                        case "kill" -> checks::kill;
                        case "reload" -> checks::reload;
                        case "conversations" -> checks::conversations;
                        case "stop" -> checks::stop;
                        default -> throw new IllegalArgumentException("check=" + name);
                    };
            boolean proves = !name.equals("conversations") || server.streams();
            String outcome = proves ? "ok" : "–";
            try {
                check.run();
            } catch (Exception | AssertionError e) {
                failures.add(new AssertionError(name, e));
                outcome = "**failed**";
            }
            OUTCOMES.add(server, policy, name, outcome);
        }
        if (!failures.isEmpty()) {
            throw new MultipleFailuresError(server + ", policy " + policy, failures);
        }
    }

    private Connection.Target target(ServerProgram server)
            throws IOException, GeneralSecurityException {
        return switch (server.protocol()) {
            case HTTP, HTTP_AND_WEB_SOCKET, ONE_ANSWER_AT_A_TIME ->
                    new TcpTarget(TcpTarget.freePort(), Optional.empty());
            case HTTPS -> new TcpTarget(TcpTarget.freePort(), Optional.of(key.client()));
            case UNIX -> new UnixTarget(folder.resolve("server.sock"));
            case DATAGRAMS -> new DatagramTarget(TcpTarget.freePort());
            case GRPC -> new GrpcTarget(TcpTarget.freePort());
        };
    }
}
