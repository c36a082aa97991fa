package dev.prefork.it.fire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.Message;
import dev.prefork.SendOptions;
import dev.prefork.Worker;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Descriptors;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A million messages each way, a hundred thousand handles, two hundred forks: what the processes
 * keep of them. A million connections are the trial LEAKS with -Dprefork.fire.connections=1000000.
 */
@Rule("F11")
@EnabledIfSystemProperty(named = FireIT.NAMES, matches = ".+")
class ManyIT {
    private static final int FORKS = 200;
    private static final int FIRST_FORKS = 20;

    /** Until the spare waits and what has ended is closed; nothing tells. */
    private static final int AT_REST_SECONDS = 5;

    private static final long FLAT_KIB = 1024;
    private static final long FLAT_RSS_KIB = 3 * 1024;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    /** What a JVM has when its garbage is collected. */
    private record Kept(long heapKib, int descriptors, int threads) {
        static Kept here() {
            System.gc();
            var memory = ManagementFactory.getMemoryMXBean();
            int pid = (int) ProcessHandle.current().pid();
            return new Kept(
                    memory.getHeapMemoryUsage().getUsed() >> 10,
                    Descriptors.of(pid).size(),
                    ManagementFactory.getThreadMXBean().getThreadCount());
        }

        static Kept of(String words) {
            List<Integer> numbers = Arrays.stream(words.split(" ")).map(Integer::valueOf).toList();
            return new Kept(numbers.get(0), numbers.get(1), numbers.get(2));
        }

        @Override
        public String toString() {
            return heapKib + " " + descriptors + " " + threads;
        }
    }

    /**
     * A primary and a worker that answers each message. Prints what both keep of a few, and then of
     * all.
     */
    static final class Talkers {
        private static final String LOOK = "look";
        private static final int CONNECTIONS = 10;

        /** So many messages without an answer. */
        private static final int UNDER_WAY = 100;

        private static final Semaphore MAY_SEND = new Semaphore(UNDER_WAY);
        private static final BlockingQueue<String> SEEN = new LinkedBlockingQueue<>();

        /** Received; of the worker's thread for events. */
        private static int handles;

        /** Takes {@code plain|handle ALL}. */
        public static void main(String[] args) throws Exception {
            if (Cluster.isWorker()) {
                var _ = Cluster.worker().onMessage(Talkers::answer);
                return;
            }
            try {
                talk(args);
            } finally {
                // Its other threads go on.
                System.exit(0);
            }
        }

        private static void talk(String... args) throws Exception {
            Worker worker = Cluster.fork();
            var _ =
                    worker.onMessage(
                            answer -> {
                                if (answer.value() instanceof String kept) {
                                    SEEN.add(kept);
                                } else {
                                    MAY_SEND.release();
                                }
                            });
            List<SocketChannel> connections = args[0].equals("handle") ? connect() : List.of();
            int all = Integer.parseInt(args[1]);
            exchange(worker, connections, all / 5);
            look(worker, "before");
            exchange(worker, connections, all);
            look(worker, "after");
            worker.process().kill("SIGTERM");
        }

        private static void answer(Message message) {
            message.handle().ifPresent(Talkers::count);
            Object answer = message.value();
            if (LOOK.equals(answer)) {
                answer = handles + " " + Kept.here();
            }
            Cluster.worker().send(answer);
        }

        private static void count(SelectableChannel handle) {
            handles++;
            try {
                handle.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static List<SocketChannel> connect() throws IOException {
            try (ServerSocketChannel server = ServerSocketChannel.open()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel[] connections = new SocketChannel[CONNECTIONS];
                for (int i = 0; i < CONNECTIONS; i++) {
                    connections[i] = SocketChannel.open(server.getLocalAddress());
                    // Nobody closes the other ends.
                    var _ = server.accept();
                }
                return List.of(connections);
            }
        }

        private static void exchange(Worker worker, List<SocketChannel> connections, int count)
                throws InterruptedException {
            for (int i = 0; i < count; i++) {
                MAY_SEND.acquire();
                if (connections.isEmpty()) {
                    worker.send(Map.of("n", i));
                } else {
                    SocketChannel connection = connections.get(i % CONNECTIONS);
                    worker.send(Map.of("n", i), connection, SendOptions.KEEP_OPEN);
                }
            }
            MAY_SEND.acquire(UNDER_WAY);
            MAY_SEND.release(UNDER_WAY);
        }

        private static void look(Worker worker, String when) throws InterruptedException {
            worker.send(LOOK);
            String[] seen = SEEN.take().split(" ", 2);
            System.out.println("handles " + when + " " + seen[0]);
            System.out.println("worker " + when + " " + seen[1]);
            System.out.println("primary " + when + " " + Kept.here());
        }
    }

    @ParameterizedTest
    @CsvSource({"plain, 1_000_000", "handle, 100_000"})
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void givenManyMessagesEachWay_whenAllAreAnswered_thenNothingIsKept(String kind, String all) {
        Command java = Command.java(Talkers.class, kind, all.replace("_", ""));
        List<String> words = new ArrayList<>(java.words());
        // What a primary that sends sockets needs.
        words.addAll(
                1,
                List.of(
                        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"));
        Program primary = programs.start(new Command(words, java.environment()));

        for (String who : List.of("worker", "primary")) {
            Kept before = Kept.of(awaitLong(primary, who + " before"));
            Kept after = Kept.of(awaitLong(primary, who + " after"));
            System.out.printf("%s %s, %s: %s → %s%n", all, kind, who, before, after);
            assertThat(after.heapKib()).as(who).isLessThan(before.heapKib() + FLAT_KIB);
            assertThat(after.descriptors()).as(who).isLessThanOrEqualTo(before.descriptors());
            assertThat(after.threads()).as(who).isLessThanOrEqualTo(before.threads());
        }
        int sent = primary.awaitNumber("handles after") - primary.awaitNumber("handles before");
        assertThat(sent)
                .as("handles")
                .isEqualTo(kind.equals("handle") ? Integer.parseInt(all.replace("_", "")) : 0);
        assertThat(primary.awaitEnd()).isZero();
    }

    private static String awaitLong(Program program, String what) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(15))
                .failFast("it has ended", () -> !program.isAlive())
                .until(() -> !program.values(what).isEmpty());
        return program.awaitValue(what);
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void givenASpare_whenWorkersAreKilledAgainAndAgain_thenThePrimaryKeepsNothing()
            throws Exception {
        Stage stage = new Stage(programs, folder, new PreforkPeer(), 2);
        try (Fleet fleet = stage.start(PreforkPeer.SPARES, "1")) {
            List<Integer> killed = new ArrayList<>();
            killAgainAndAgain(fleet, killed, FIRST_FORKS);
            TimeUnit.SECONDS.sleep(AT_REST_SECONDS);
            Size before = Size.of(fleet.primary());
            killAgainAndAgain(fleet, killed, FIRST_FORKS + FORKS);
            mustBeNoLarger(fleet.primary(), before);
        }
    }

    private static void killAgainAndAgain(Fleet fleet, List<Integer> killed, int all) {
        List<Integer> pids = fleet.awaitWhole(killed);
        while (killed.size() < all) {
            int next = pids.get(killed.size() % 2);
            fleet.kill(next);
            killed.add(next);
            pids = fleet.awaitWhole(killed);
        }
    }

    private static void mustBeNoLarger(int primary, Size before) {
        Awaitility.await()
                .atMost(Fleet.DEADLINE)
                .untilAsserted(
                        () -> {
                            Size after = Size.of(primary);
                            String both = before + " → " + after;
                            assertThat(after.descriptors())
                                    .as(both)
                                    .isLessThanOrEqualTo(before.descriptors());
                            assertThat(after.threads())
                                    .as(both)
                                    .isLessThanOrEqualTo(before.threads());
                            assertThat(after.rssKib())
                                    .as(both)
                                    .isLessThan(before.rssKib() + FLAT_RSS_KIB);
                            System.out.printf("%d forks, primary: %s%n", FORKS, both);
                        });
    }
}
