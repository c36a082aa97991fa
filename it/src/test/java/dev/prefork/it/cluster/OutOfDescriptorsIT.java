package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A primary that may open nothing more for a while. */
@Rule("E2")
class OutOfDescriptorsIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Two workers with a port; and what the primary logs. */
    static final class Limited {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.fork();
                Cluster.fork();
                Commands.forEach(what -> Cluster.workers().get(1).send(what));
            } else {
                Servers.sayId(0);
                Cluster.worker().onMessage(message -> Events.say("told", message));
            }
        }
    }

    @Test
    void givenNoDescriptorLeft_whenClientsCome_thenAcceptingPausesAndAllAreServedLater()
            throws Exception {
        Program primary = programs.java(Limited.class);
        int port = primary.awaitNumber("port 1");
        primary.awaitNumber("port 2");
        assertThat(Client.read(port)).isIn("1", "2");

        String before = limit(primary.pid(), "--output", "SOFT", "--noheadings", "--nofile");
        limit(primary.pid(), "--nofile=1:");
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(Client.connect(port));
        }
        primary.awaitLine(".*accepting pauses errno=EMFILE");
        primary.tell("the primary goes on");
        primary.awaitLine("told the primary goes on");
        limit(primary.pid(), "--nofile=" + before + ":");

        List<String> served = new ArrayList<>();
        for (Client client : clients) {
            try (client) {
                served.add(client.readToEnd());
            }
        }
        assertThat(served).hasSize(4).containsOnly("1", "2");
        assertThat(Client.read(port)).isIn("1", "2");
        assertThat(primary.values("exit 1")).isEmpty();
        assertThat(primary.values("exit 2")).isEmpty();
    }

    private static String limit(int pid, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("prlimit", "--pid", "" + pid));
        words.addAll(List.of(options));
        Process prlimit = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(prlimit.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(prlimit.waitFor()).as(output).isZero();
        return output;
    }
}
