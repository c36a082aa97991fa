package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.SchedulingPolicy;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;

/** The end of a whole cluster. */
@Rule("B2")
class ClusterDisconnectIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Disconnects before there is any worker. */
    static final class Nobody {
        public static void main(String[] args) {
            Cluster.disconnect(
                    () -> Events.say("first callback", Thread.currentThread().getName()));
            Cluster.disconnect(
                    () -> {
                        Events.say("second callback", Thread.currentThread().getName());
                        throw new IllegalStateException("the callback's own fault");
                    });
        }
    }

    @Test
    void givenNoWorkers_whenTheClusterIsDisconnected_thenEveryCallbackRunsOnTheEventThread() {
        Program primary = programs.java(Nobody.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .startsWith("first callback cluster-events", "second callback cluster-events")
                .contains("java.lang.IllegalStateException: the callback's own fault");
    }

    /** Disconnects twice, the second time when all are leaving already. */
    static final class Twice {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Cluster.fork();
                Cluster.fork();
                Cluster.disconnect(() -> Events.say("first callback"));
                Cluster.disconnect(() -> Events.say("second callback"));
                Events.say("returned");
            }
        }
    }

    @Test
    void givenWorkers_whenTheClusterIsDisconnectedTwice_thenBothCallbacksRunInTheOrderOfTheCalls() {
        Program primary = programs.java(Twice.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .containsExactly("returned", "first callback", "second callback");
    }

    /** Told to: disconnects, takes the port itself, and forks anew. */
    static final class Again {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.fork(Map.of("PORT", "0"));
                Cluster.fork(Map.of("PORT", "0"));
                Commands.forEach(port -> disconnect(Integer.parseInt(port)));
            } else {
                Servers.echo(Integer.parseInt(System.getenv("PORT")));
            }
        }

        private static void disconnect(int port) {
            Cluster.disconnect(
                    () -> {
                        Events.say("callback", Cluster.workers().keySet());
                        Events.say("port", port, portIsFree(port));
                        Cluster.fork(Map.of("PORT", "" + port));
                    });
            Events.say("returned", Cluster.workers().keySet());
        }

        private static String portIsFree(int port) {
            try (ServerSocket free = new ServerSocket()) {
                free.setReuseAddress(true);
                free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return "free";
            } catch (IOException e) {
                return new UncheckedIOException(e).toString();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenOpenConnections_whenTheClusterIsDisconnected_thenTheyEndFirstAndThePortIsFree(
            String policy) throws IOException {
        Program primary =
                programs.start(Command.java(Again.class).with(SchedulingPolicy.VARIABLE, policy));
        int port = primary.awaitNumber("port 1");
        primary.awaitNumber("port 2");

        try (Client client = Client.connect(port)) {
            client.send("before\n").readLine();
            primary.tell("" + port);
            assertThat(primary.awaitValue("returned")).isEqualTo("[]");
            assertThat(client.send("after\n").readLine()).endsWith(" after");
            assertThat(primary.values("callback")).isEmpty();
        }

        assertThat(primary.awaitValue("callback")).isEqualTo("[]");
        assertThat(primary.awaitValue("port " + port)).isEqualTo("free");
        assertThat(primary.awaitLines("exit \\d code 0 true", 2)).doesNotHaveDuplicates();
        assertThat(primary.awaitNumber("port 3")).isEqualTo(port);
        try (Client client = Client.connect(port)) {
            assertThat(client.send("again\n").readLine()).isEqualTo("3 again");
        }
    }
}
