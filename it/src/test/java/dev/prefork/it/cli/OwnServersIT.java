package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Server sockets of a program's own classes and factories are as any other. */
@Rule({"F1", "F4", "F6"})
class OwnServersIT {
    @RegisterExtension private final Programs programs = new Programs();

    private Program start(String policy, Object... arguments) {
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "run",
                                "-w",
                                2,
                                "--policy",
                                policy,
                                "--ready-after",
                                0.3,
                                "-cp",
                                Running.classes(),
                                OwnServer.class.getName()));
        words.addAll(List.of(arguments));
        return programs.start(Command.prefork(words.toArray()));
    }

    private static Running running(Program prefork, int port, int times) {
        String line =
                prefork.awaitLines(
                                "prefork: serving .*127\\.0\\.0\\.1:" + port + ".* with 2 .*",
                                times)
                        .getLast();
        return new Running(prefork, port, Running.numbers(line.replaceAll(".*pids ", "")));
    }

    @ParameterizedTest
    @Sampled(1)
    @CsvSource({"marking, rr", "looking, none", "factory, rr"})
    void givenAServerSocketOfItsOwn_whenOneIsKilledAndAllReloaded_thenOnlyTheKilledLoses(
            String kind, String policy) throws Exception {
        int port = Ports.row(1);
        Program prefork = start(policy, kind, port);
        Running running = running(prefork, port, 1);
        try (ShortRequests requests = ShortRequests.to(running)) {
            requests.awaitAnswers(50);
            Signals.send("KILL", running.pids().getFirst());
            running = running(prefork, port, 2);
            requests.awaitAnswers(50);
            assertThat(requests.refused()).isZero();
        }
        try (ShortRequests requests = ShortRequests.to(running)) {
            prefork.signal("HUP");
            prefork.awaitLine("prefork: reloaded 2 workers");
            requests.awaitAnswers(50);
            assertThat(requests.failures()).isEmpty();
        }
        running.pids().forEach(Signals::awaitGone);
        assertThat(running.pids()).doesNotContain(running.ask());
    }

    /** SPEC F3: its port is each worker's own, whoever makes the socket. */
    @Rule("F3")
    @Test
    void givenAnRmiRegistryWithServerSocketsOfItsOwn_whenReloaded_thenEachWorkerHasItsPort()
            throws Exception {
        int port = Ports.row(3);
        Program prefork = start("rr", "looking", port + 2, port);
        running(prefork, port + 2, 1);
        assertRegistries(port);

        prefork.signal("HUP");
        prefork.awaitLine("prefork: reloaded 2 workers");

        assertRegistries(port);
    }

    private static void assertRegistries(int port) throws IOException {
        for (int slot = 0; slot < 2; slot++) {
            try (Client client = Client.connect(port + slot)) {
                // The stream protocol of JRMI, version 2, and its ProtocolAck.
                client.send("JRMI\u0000\u0002K");
                assertThat(client.read()).isEqualTo(0x4e);
            }
        }
    }
}
