package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Who chooses the worker of a connection, and how the user says so. */
@Rule("D2")
class BalanceIT {
    private static final int CLIENTS = 24;

    @RegisterExtension private final Programs programs = new Programs();
    @TempDir private Path folder;

    private Program start(Object... options) {
        return programs.start(Running.served(folder.resolve("broken"), options));
    }

    /** The number in the list of workers of whoever answers a client with this address. */
    private static int slotFor(Running server, String client) throws IOException {
        try (Client from = Client.connectFrom(InetAddress.ofLiteral(client), server.port())) {
            return server.pids().indexOf(Integer.parseInt(from.get("/")));
        }
    }

    private static List<Integer> slotsForAll(Running server) throws IOException {
        List<Integer> slots = new ArrayList<>();
        for (int client = 1; client <= CLIENTS; client++) {
            slots.add(slotFor(server, "127.0.0." + client));
        }
        return slots;
    }

    @Test
    void givenTheSource_whenClientsComeAgainAndAfterAReload_thenEachHasTheWorkerOfTheSameSlot()
            throws IOException {
        Running before = Running.await(start("-w", "3", "--balance", "source"), 1);
        List<Integer> slots = slotsForAll(before);
        assertThat(new HashSet<>(slots)).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(slotsForAll(before)).isEqualTo(slots);

        before.program().signal("HUP");
        String reloaded = before.program().awaitLine("prefork: reloaded .*");

        Running after =
                new Running(
                        before.program(),
                        before.port(),
                        Running.numbers(reloaded.replaceAll(".*pids ", "")));
        assertThat(after.pids()).doesNotContainAnyElementsOf(before.pids());
        assertThat(slotsForAll(after)).isEqualTo(slots);
    }

    @Test
    void givenTurns_whenClientsCome_thenEachWorkerHasItsTurn() throws IOException {
        Running server = Running.await(start("-w", "2", "--balance", "roundrobin"), 1);

        List<Integer> slots = slotsForAll(server);

        assertThat(slots.stream().filter(slot -> slot == 0)).hasSize(CLIENTS / 2);
    }

    /** Until then the old one, which is as new, has as many. */
    @Test
    void givenASlowStart_whenAllAreNew_thenAllServe() throws IOException {
        Running server = Running.await(start("-w", "2", "--slow-start", "60"), 1);

        assertThat(new HashSet<>(slotsForAll(server))).containsExactlyInAnyOrder(0, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "--balance,least,rr,'--balance least: say leastconn, roundrobin or source'",
        "--balance,source,none,'--balance is for --policy rr, and here the system chooses'",
        "--slow-start,3,reuseport,'--slow-start is for --policy rr, and here the system chooses'",
        "--slow-start,0,rr,'--slow-start 0: say more than 0 seconds'"
    })
    void givenWordsThatMeanNothing_whenStarted_thenThatIsSaid(
            String option, String word, String policy, String sentence) {
        Program prefork = start("-w", "1", "--policy", policy, option, word);

        assertThat(prefork.awaitExit()).isEqualTo(2);
        assertThat(prefork.lines()).anyMatch(line -> line.contains(sentence));
    }
}
