package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.Cluster;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Descriptors;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** How connections are handed out, and that none is lost on the way. */
@Rule("A4")
class RoundRobinIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Forks so many workers, each once the one before listens on the same port. */
    static final class Service {
        public static void main(String[] args) throws IOException {
            int workers = Integer.parseInt(args[0]);
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.fork();
                Cluster.onListening(
                        (worker, address) -> {
                            if (worker.id() < workers) {
                                Cluster.fork();
                            }
                        });
            } else {
                Servers.sayId(0);
            }
        }
    }

    @Test
    void givenThreeIdleWorkers_whenSixClientsCome_thenEachWorkerGetsEveryThird()
            throws IOException {
        int port = portOf(start(3), 3);

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            answers.add(Client.read(port));
        }

        assertThat(answers).containsExactly("1", "2", "3", "1", "2", "3");
    }

    @Rule("D2")
    @Test
    void givenAStoppedWorker_whenClientsCome_thenItHoldsAtMostOneAndThatOneIsNotLost()
            throws IOException {
        Program primary = start(2);
        int port = portOf(primary, 2);
        Signals.stop(primary.awaitNumber("pid 1"));

        List<CompletableFuture<String>> answers = clients(port, 8);

        awaitAnswers(answers, 8);
        assertThat(answers).extracting(CompletableFuture::join).containsOnly("2");
    }

    @Rule("D2")
    @Test
    void givenAStoppedWorkerWithAConnection_whenItIsKilled_thenAnotherServesTheConnection()
            throws IOException {
        Program primary = start(2);
        int port = portOf(primary, 2);
        Signals.stop(primary.awaitNumber("pid 1"));

        List<CompletableFuture<String>> answers = clients(port, 4);
        awaitAnswers(answers, 3);
        Signals.send("KILL", primary.awaitNumber("pid 1"));

        awaitAnswers(answers, 4);
        assertThat(answers).extracting(CompletableFuture::join).containsOnly("2");
        primary.awaitLine("exit 1 signal SIGKILL false");
    }

    @Rule("D2")
    @Test
    void givenAllWorkersStopped_whenClientsCome_thenTheyWaitAndAreAllServedLater()
            throws IOException {
        Program primary = start(2);
        int port = portOf(primary, 2);
        List<Integer> pids = List.of(primary.awaitNumber("pid 1"), primary.awaitNumber("pid 2"));
        pids.forEach(Signals::stop);

        List<CompletableFuture<String>> answers = clients(port, 12);
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        pids.forEach(Signals::resume);

        awaitAnswers(answers, 12);
        assertThat(answers).extracting(CompletableFuture::join).contains("1", "2");
    }

    @Rule({"D2", "A2"})
    @Test
    void givenLoad_whenAWorkerIsKilled_thenNoClientHangsAndOnlyItsOwnConnectionsBreak()
            throws Exception {
        Program primary = start(3);
        int port = portOf(primary, 3);
        int pid = primary.awaitNumber("pid 2");
        AtomicInteger served = new AtomicInteger();
        AtomicInteger broken = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        int clients = 6;

        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            Callable<Void> client =
                    () -> {
                        while (!enough.get()) {
                            (askOnce(port) ? served : broken).incrementAndGet();
                        }
                        return null;
                    };
            List<Future<Void>> all =
                    IntStream.range(0, clients).mapToObj(i -> threads.submit(client)).toList();
            await().until(() -> served.get() > 300);
            Signals.send("KILL", pid);
            primary.awaitLine("exit 2 signal SIGKILL false");
            int before = served.get();
            await().until(() -> served.get() > before + 300);
            enough.set(true);
            for (Future<Void> each : all) {
                each.get();
            }
        }

        assertThat(broken.get()).as("at most what worker 2 had accepted").isLessThan(clients);
    }

    /** False when the connection broke; a client that hangs is an error. */
    private static boolean askOnce(int port) throws IOException {
        try {
            return !Client.read(port).isEmpty();
        } catch (java.net.SocketTimeoutException | java.net.ConnectException hangsOrIsRefused) {
            throw hangsOrIsRefused;
        } catch (IOException broken) {
            return false;
        }
    }

    @Test
    void givenManyClients_whenAllAreServed_thenNoProcessHasMoreDescriptorsThanBefore()
            throws IOException {
        Program primary = start(2);
        int port = portOf(primary, 2);
        List<Integer> pids =
                List.of(primary.pid(), primary.awaitNumber("pid 1"), primary.awaitNumber("pid 2"));
        awaitAnswers(clients(port, 20), 20);
        List<Integer> before = descriptorsOf(pids);

        awaitAnswers(clients(port, 300), 300);

        await().untilAsserted(
                        () ->
                                assertThat(descriptorsOf(pids))
                                        .zipSatisfy(
                                                before,
                                                (now, then) ->
                                                        assertThat(now).isLessThanOrEqualTo(then)));
    }

    private static List<Integer> descriptorsOf(List<Integer> pids) {
        return pids.stream().map(pid -> Descriptors.of(pid).size()).toList();
    }

    private Program start(int workers) {
        return programs.java(Service.class, workers);
    }

    /** Once all listen. */
    private static int portOf(Program primary, int workers) {
        return primary.awaitNumber("port " + workers);
    }

    private static List<CompletableFuture<String>> clients(int port, int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> {
                            try {
                                return Client.connect(port).answer();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                .toList();
    }

    private static void awaitAnswers(List<CompletableFuture<String>> answers, int count) {
        await(count + " answers")
                .until(() -> answers.stream().filter(CompletableFuture::isDone).count() >= count);
        assertThat(answers).noneMatch(CompletableFuture::isCompletedExceptionally);
    }
}
