package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.util.List;

/** Which events happen, in which order, what is true when they do, and who hears of them. */
class WorkerEventsIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Every event of a worker's life, at the worker and at the cluster. */
    static final class Life {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Cluster.onSetup(
                        settings -> say("cluster setup", settings.equals(Cluster.settings())));
                Cluster.onFork(worker -> say("cluster fork", state(worker)));
                Cluster.onOnline(worker -> say("cluster online", state(worker)));
                Cluster.onListening((worker, address) -> say("cluster listening", address));
                Cluster.onMessage((worker, message) -> say("cluster message", message));
                Cluster.onDisconnect(worker -> say("cluster disconnect", state(worker)));
                Cluster.onExit((worker, exit) -> say("cluster exit", exit, state(worker)));
                Worker worker = Cluster.fork();
                say("forked", worker.id(), Cluster.workers().keySet());
                worker.onOnline(() -> say("worker online", state(worker)));
                worker.onListening(address -> say("worker listening", address));
                worker.onMessage(message -> say("worker message", message));
                worker.onDisconnect(() -> say("worker disconnect", state(worker)));
                worker.onExit(exit -> say("worker exit", exit, state(worker)));
            } else {
                Worker self = Cluster.worker();
                self.onDisconnect(
                        () ->
                                say(
                                        "self disconnect",
                                        self.isConnected(),
                                        self.exitedAfterDisconnect()));
                Servers.sayId(0);
                self.send("hello");
                self.disconnect();
            }
        }

        private static String state(Worker worker) {
            return "connected=%s dead=%s listed=%s voluntary=%s"
                    .formatted(
                            worker.isConnected(),
                            worker.isDead(),
                            Cluster.workers().containsKey(worker.id()),
                            worker.exitedAfterDisconnect().map(String::valueOf).orElse("unset"));
        }

        private static void say(Object... words) {
            Events.say(words);
        }
    }

    @Rule({
        "A13", "A14", "A15", "A16", "A17", "A20", "A21", "A22", "A26", "A27", "A28", "A29", "A30",
        "A31", "A32", "A33", "B1", "B8"
    })
    @Test
    void givenAWorker_whenItLivesAndDisconnects_thenItsEventsComeBeforeTheClusters() {
        Program primary = programs.java(Life.class);
        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .containsSubsequence(
                        "cluster setup true",
                        "cluster fork connected=true dead=false listed=true voluntary=unset",
                        "worker online connected=true dead=false listed=true voluntary=unset",
                        "cluster online connected=true dead=false listed=true voluntary=unset");
        assertThat(primary.lines()).contains("forked 1 [1]");
        String listening =
                primary.awaitValue(
                        "worker listening ListeningAddress[address=Optional[127.0.0.1],");
        assertThat(listening).matches("port=\\d+, addressType=TCP4, fd=Optional.empty]");
        assertThat(primary.lines())
                .filteredOn(
                        line ->
                                !line.startsWith("self")
                                        && !line.startsWith("forked")
                                        && !line.startsWith("server closed"))
                .extracting(line -> line.replaceAll("^(\\S+ \\S+).*", "$1"))
                .startsWith(
                        "cluster setup",
                        "cluster fork",
                        "worker online",
                        "cluster online",
                        "worker listening",
                        "cluster listening",
                        "worker message",
                        "cluster message")
                .containsSubsequence("worker disconnect", "cluster disconnect")
                .containsSubsequence("worker exit", "cluster exit")
                .hasSize(12);
        assertThat(primary.lines()).contains("worker message hello", "cluster message hello");
        assertThat(primary.values("worker disconnect").getFirst())
                .startsWith("connected=false")
                .endsWith("voluntary=true");
        assertThat(primary.values("worker exit").getFirst())
                .startsWith("code 0")
                .contains("dead=true")
                .endsWith("listed=false voluntary=true");
        assertThat(primary.lines()).contains("self disconnect false true");
    }

    /** Asks for one-time events only when all is over. */
    static final class LateListener {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                worker.exited().join();
                worker.disconnected().join();
                worker.onOnline(() -> Events.say("late online"));
                worker.onDisconnect(() -> Events.say("late disconnect"));
                worker.onExit(exit -> Events.say("late exit", exit));
                Events.say(
                        "late future",
                        worker.online().join().equals(worker),
                        worker.exited().join());
            } else {
                System.exit(9);
            }
        }
    }

    @Rule("D1")
    @Test
    void givenOneTimeEventsThatHappened_whenSomebodyListensLate_thenHeIsTold() {
        Program primary = programs.java(LateListener.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .contains("late online", "late disconnect", "late exit code 9")
                .contains("late future true code 9");
    }

    /** A faulty listener before each good one. */
    static final class FaultyListener {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                worker.onOnline(FaultyListener::fail);
                worker.onOnline(() -> Events.say("online heard"));
                worker.onMessage(message -> fail());
                worker.onMessage(message -> Events.say("message heard", message));
                worker.onExit(exit -> fail());
                worker.onExit(exit -> Events.say("exit heard", exit));
                Cluster.onMessage((from, message) -> fail());
                Cluster.onMessage((from, message) -> Events.say("cluster heard", message));
            } else {
                Worker self = Cluster.worker();
                self.onMessage(message -> fail());
                self.send(1);
                self.send(2);
                self.send("last", failure -> self.disconnect());
            }
        }

        private static void fail() {
            throw new IllegalStateException("faulty listener");
        }
    }

    @Rule("C6")
    @Test
    void givenAListenerThatThrows_whenEventsHappen_thenTheOthersHearThemAndItIsReported() {
        Program primary = programs.java(FaultyListener.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .contains("online heard", "exit heard code 0")
                .containsSubsequence("message heard 1", "message heard 2", "message heard last")
                .containsSubsequence("cluster heard 1", "cluster heard 2", "cluster heard last")
                .anyMatch(line -> line.contains("IllegalStateException: faulty listener"));
    }

    /** Removes its listeners before anything happens. */
    static final class RemovedListener {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                worker.onExit(exit -> Events.say("never: removed")).close();
                Cluster.onExit((ended, exit) -> Events.say("never: removed")).close();
                Cluster.onExit((ended, exit) -> Events.say("exit", exit));
            } else {
                System.exit(0);
            }
        }
    }

    @Rule("A31")
    @Test
    void givenAListenerThatWasRemoved_whenTheEventHappens_thenItIsNotCalled() {
        Program primary = programs.java(RemovedListener.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines()).isEqualTo(List.of("exit code 0"));
    }
}
