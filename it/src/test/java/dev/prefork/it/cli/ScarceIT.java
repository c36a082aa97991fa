package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** More connections than prefork and its workers have descriptors for. */
@Rule("E2")
class ScarceIT {
    private static final int LIMIT = 64;
    private static final int MANY = 500;

    @RegisterExtension private final Programs programs = new Programs();
    @TempDir private Path folder;

    @Test
    void givenFewDescriptors_whenManyConnect_thenOneSentenceSaysSoAndLaterAllIsAsBefore()
            throws IOException {
        List<String> words =
                new ArrayList<>(List.of("sh", "-c", "ulimit -n \"$0\" && exec \"$@\"", "" + LIMIT));
        words.addAll(Running.served(folder.resolve("broken"), "-w", "2").words());
        Program prefork = programs.start(new Command(words, Map.of()));
        Running server = Running.await(prefork, 1);
        assertThat(server.pids()).contains(server.ask());

        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                clients.add(Client.connect(server.port()));
            }
            prefork.awaitLine("prefork: too few descriptors, 64 \\(ulimit -n\\): connections wait");
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }

        for (int i = 0; i < 10; i++) {
            assertThat(server.pids()).contains(server.ask());
        }
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines())
                .noneMatch(line -> line.contains("accepting pauses"))
                .filteredOn(line -> line.contains("too few descriptors"))
                .singleElement()
                .asString()
                .contains("ulimit -n 256", "LimitNOFILE=256");
    }
}
