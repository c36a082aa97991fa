package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.Map;

/** What can never come to anything is refused at the call, with a sentence. */
@Rule("E1")
class RefusalsIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Calls that are refused, and what they say. */
    private static void attempt(String what, Runnable call) {
        try {
            call.run();
            System.out.println(what + " was accepted");
        } catch (RuntimeException e) {
            System.out.println(what + ": " + e);
        }
    }

    /** Asks for nothing to be called. */
    static final class NullListener {
        public static void main(String[] args) {
            attempt("listener", () -> Cluster.onExit(null));
            attempt("callback", () -> Cluster.disconnect(null));
        }
    }

    @Test
    void givenNoListener_whenItIsAdded_thenThatIsRefusedByItsName() {
        Program primary = programs.java(NullListener.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .containsExactly(
                        "listener: java.lang.NullPointerException: listener is null",
                        "callback: java.lang.NullPointerException: callback is null");
    }

    /** A worker that asks for what only its primary hears of. */
    static final class TwoRoles {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Cluster.fork();
                return;
            }
            Worker self = Cluster.worker();
            attempt("onOnline", () -> self.onOnline(() -> {}));
            attempt("onListening", () -> self.onListening(_ -> {}));
            attempt("onClosed", () -> self.onClosed(_ -> {}));
            attempt("onListenRefused", () -> self.onListenRefused(_ -> {}));
            attempt("onExit", () -> self.onExit(_ -> {}));
            attempt(
                    "online",
                    () -> {
                        var _ = self.online();
                    });
            attempt(
                    "exited",
                    () -> {
                        var _ = self.exited();
                    });
            attempt("fork", Cluster::fork);
            self.onDisconnect(() -> System.out.println("heard of its disconnect"));
            self.kill();
        }
    }

    @Rule({"A13", "A14", "A17"})
    @Test
    void givenAWorker_whenItAsksForWhatIsThePrimarys_thenItIsToldItsRole() {
        Program primary = programs.java(TwoRoles.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .hasSize(9)
                .contains("heard of its disconnect")
                .filteredOn(line -> !line.startsWith("heard"))
                .allMatch(
                        line ->
                                line.matches(
                                        "(\\w+): java.lang.IllegalStateException:"
                                                + " (Worker|Cluster)\\.\\1\\(\\) is for the"
                                                + " primary; this is worker 1"));
    }

    /** A command that the runtime would keep for itself. */
    record Backup(String cmd) {}

    /** A worker whose commands begin as the runtime's do. */
    static final class NodePrefix {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                worker.onMessage(
                        message -> {
                            System.out.println("arrived: " + message);
                            worker.disconnect();
                        });
                return;
            }
            Worker self = Cluster.worker();
            Map<String, String> map = Map.of("cmd", "NODE_BACKUP");
            attempt("map", () -> self.send(map));
            attempt("callback", () -> self.send(map, _ -> {}));
            attempt("record", () -> self.process().send(new Backup("NODE_BACKUP")));
            self.send(new Backup("BACKUP"));
        }
    }

    @Rule("C1")
    @Test
    void givenACommandOfTheRuntimes_whenItIsSent_thenItIsRefusedAsNobodyWouldHearIt() {
        Program primary = programs.java(NodePrefix.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .hasSize(4)
                .contains("arrived: {cmd=BACKUP}")
                .filteredOn(line -> !line.startsWith("arrived"))
                .allMatch(
                        line ->
                                line.contains(
                                        "IllegalArgumentException: cannot send a message with"
                                                + " cmd=NODE_BACKUP"));
    }
}
