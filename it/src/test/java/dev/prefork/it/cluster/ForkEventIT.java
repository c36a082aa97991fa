package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.SocketException;
import java.util.List;

/** The worker of a 'fork' event can be used at once, as in Node. */
@Rule("A26")
class ForkEventIT {
    private static final int WORKERS = 4;

    @RegisterExtension final Programs programs = new Programs();

    /** Four workers, with each of which the listener does what the argument says. */
    static final class AtOnce {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.onFork(worker -> use(worker, args[0]));
                for (int i = 0; i < WORKERS; i++) {
                    Cluster.fork();
                }
            } else {
                Worker self = Cluster.worker();
                self.onMessage(
                        message -> {
                            Events.say("got", self.id(), message);
                            self.disconnect();
                        });
                try {
                    Servers.sayId(0);
                } catch (SocketException leaving) {
                    // Told to disconnect before it could listen. A stack trace would be torn by
                    // what the primary prints.
                }
            }
        }

        private static void use(Worker worker, String how) {
            switch (how) {
                case "send" -> worker.send("hi");
                case "disconnect" -> worker.disconnect();
                case "kill" -> worker.kill();
                case "signal" -> worker.process().kill("SIGKILL");
                default -> throw new IllegalArgumentException("how=" + how);
            }
        }
    }

    @Rule("A25")
    @Test
    void givenAListenerOfFork_whenItSends_thenEachWorkerGetsIt() {
        Program primary = programs.java(AtOnce.class, "send");

        List<String> got = primary.awaitValues("got", WORKERS);

        assertThat(got).containsExactlyInAnyOrder("1 hi", "2 hi", "3 hi", "4 hi");
        assertThat(primary.awaitEnd()).isZero();
    }

    @Rule({"A19", "A20", "A23"})
    @ParameterizedTest
    @CsvSource({"disconnect, true", "kill, true", "signal, false"})
    void givenAListenerOfFork_whenItEndsTheWorker_thenEachEndsSo(String how, boolean asked) {
        Program primary = programs.java(AtOnce.class, how);

        List<String> exits = primary.awaitLines("exit \\d ", WORKERS);

        assertThat(exits).allMatch(line -> line.endsWith(" " + asked));
        assertThat(primary.awaitEnd()).isZero();
        assertThat(primary.values("disconnect")).hasSize(WORKERS);
    }
}
