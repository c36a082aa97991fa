package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** What the application's code may do in the places where we call it. */
class ListenerThreadsIT {
    /** Far longer than registering a listener takes. */
    private static final Duration SOON = Duration.ofSeconds(3);

    @RegisterExtension final Programs programs = new Programs();

    /** Continuations of both futures wait for a thread that registers a listener. */
    static final class Waiting {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                CountDownLatch ready = new CountDownLatch(1);
                CompletableFuture<Void> _ =
                        worker.online()
                                .thenRun(() -> waitFor("online", () -> worker.onOnline(() -> {})))
                                .thenRun(ready::countDown);
                CompletableFuture<Void> _ =
                        worker.exited()
                                .thenRun(() -> waitFor("exited", () -> worker.onExit(_ -> {})));
                CompletableFuture<Void> _ =
                        worker.disconnected()
                                .thenRun(
                                        () ->
                                                waitFor(
                                                        "disconnected",
                                                        () -> worker.onDisconnect(() -> {})));
                awaitQuietly(ready);
                worker.disconnect();
            }
        }

        private static void waitFor(String what, Runnable action) {
            Thread thread = Thread.ofPlatform().daemon().start(action);
            try {
                Events.say(what, thread.join(SOON));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void awaitQuietly(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Rule("D1")
    @Test
    void givenAContinuationThatWaitsForAnotherThread_whenThatRegistersAListener_thenBothGoOn() {
        Program primary = programs.java(Waiting.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .containsExactlyInAnyOrder("online true", "disconnected true", "exited true");
    }

    /** Listeners on both sides that start threads as anybody would. */
    static final class Starting {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                worker.onOnline(() -> start("primary"));
                CompletableFuture<Void> _ = worker.online().thenRun(() -> start("future"));
                worker.send("start");
                worker.onMessage(_ -> worker.disconnect());
            } else {
                Worker self = Cluster.worker();
                self.onMessage(
                        message -> {
                            start("worker");
                            self.send(message.value());
                        });
            }
        }

        private static void start(String where) {
            Thread thread = new Thread(() -> {});
            Events.say(where, "daemon", thread.isDaemon());
        }
    }

    @Rule("A1")
    @Test
    void givenAListener_whenItStartsAThread_thenThatIsNoDaemonByInheritance() {
        Program primary = programs.java(Starting.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .containsExactlyInAnyOrder(
                        "primary daemon false", "future daemon false", "worker daemon false");
    }
}
