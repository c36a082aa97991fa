package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.Pool;
import dev.prefork.PoolSettings;
import dev.prefork.Prefork;
import dev.prefork.RestartPolicy;
import dev.prefork.Worker;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A pool in a program's own primary: what prefork run does, by the library. */
class PoolIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Answers a line with its pid. Arguments: the port, and what makes a worker fail. */
    static final class Server {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                keep();
            } else if (args.length > 1) {
                System.exit(7);
            } else {
                Worker self = Cluster.worker();
                self.onLeader(() -> System.out.println("leader " + self.slot().getAsInt() + pid()));
                serve(Integer.parseInt(args[0]));
            }
        }

        private static String pid() {
            return " " + ProcessHandle.current().pid();
        }

        private static void serve(int port) throws IOException {
            try (ServerSocket server = new ServerSocket(port)) {
                while (true) {
                    Socket client = server.accept();
                    Thread.ofVirtual().start(() -> answer(client));
                }
            }
        }

        private static void answer(Socket client) {
            try (client) {
                var in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
                String line = in.readLine();
                client.getOutputStream().write((line + pid()).getBytes(UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void keep() throws IOException {
            Pool pool = Cluster.keep(PoolSettings.of(2).readyAfter(Duration.ofMillis(100)));
            pool.onNews(line -> System.out.println("news " + line));
            var _ = pool.ended().thenRun(() -> System.out.println("ended " + pool.workers()));
            var _ = pool.listening().thenRun(() -> System.out.println("listening " + pool.size()));
            var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 2);
                switch (words[0]) {
                    case "scale" -> {
                        pool.scale(Integer.parseInt(words[1]));
                        var _ =
                                pool.listening()
                                        .thenRun(() -> System.out.println("scaled " + pool.size()));
                    }
                    case "reload" -> {
                        var _ =
                                pool.reload()
                                        .whenComplete(
                                                (_, e) ->
                                                        System.out.println(
                                                                "reload "
                                                                        + (e == null
                                                                                ? "done"
                                                                                : e.getMessage())));
                    }
                    case "arguments" ->
                            Cluster.setupPrimary(
                                    ClusterSettings.builder()
                                            .args(List.of(words[1].split(" ", -1)))
                                            .build());
                    case "disconnect" -> {
                        Duration patience = Duration.ofMillis(Integer.parseInt(words[1]));
                        var _ =
                                pool.disconnect(patience)
                                        .thenRun(() -> System.out.println("disconnected"));
                    }
                    default -> throw new IllegalArgumentException(line);
                }
            }
        }
    }

    private Program start(int port) {
        Program primary = programs.java(Server.class, port);
        primary.awaitLine("listening 2");
        return primary;
    }

    /** The pids of so many different workers that answer. */
    private static Set<Integer> pids(int port, int count) throws IOException {
        Set<Integer> pids = new HashSet<>();
        for (int i = 0; i < 1000 && pids.size() < count; i++) {
            pids.add(Integer.parseInt(Client.ask(port, "pid").substring("pid ".length())));
        }
        assertThat(pids).hasSize(count);
        return pids;
    }

    /** Asks for as long as something is done; every one is answered. */
    private static void whileAsking(int port, Runnable what) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> asked =
                CompletableFuture.supplyAsync(
                        () -> {
                            int count = 0;
                            while (!over.get()) {
                                try {
                                    assertThat(Client.ask(port, "x")).startsWith("x ");
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                                count++;
                            }
                            return count;
                        });
        try {
            what.run();
        } finally {
            over.set(true);
        }
        assertThat(asked.get()).isPositive();
    }

    @Rule({"F4", "F13"})
    @Test
    void givenAPool_whenScaledAndReloaded_thenNoConnectionIsLost() throws Exception {
        int port = Ports.row(1);
        Program primary = start(port);
        Set<Integer> before = pids(port, 2);

        whileAsking(
                port,
                () -> {
                    primary.tell("scale 3");
                    primary.awaitLine("scaled 3");
                    primary.tell("reload");
                    primary.awaitLine("reload done");
                    primary.tell("scale 1");
                    primary.awaitLine("scaled 1");
                });

        assertThat(pids(port, 1)).doesNotContainAnyElementsOf(before);
        primary.tell("disconnect 20000");
        primary.awaitLine("disconnected");
        primary.tellNoMore();
        assertThat(primary.awaitEnd()).isZero();
        assertThat(primary.lines()).contains("ended {}", "news stopped");
    }

    @Rule("F14")
    @Test
    void givenAWorkerThatIsKilled_thenAnotherTakesItsPlaceAndItsLead() throws Exception {
        int port = Ports.row(1);
        Program primary = start(port);
        String[] leader = primary.awaitValue("leader").split(" ", -1);
        Set<Integer> before = pids(port, 2);
        int pid = Integer.parseInt(leader[1]);

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        primary.awaitLine("news worker \\d+ \\(pid " + pid + "\\) died: SIGKILL; starting another");
        String[] next = primary.awaitValues("leader", 2).getLast().split(" ", -1);
        assertThat(Integer.parseInt(next[1])).isNotEqualTo(pid).isIn(before);
        Set<Integer> now = new HashSet<>(pids(port, 2));
        now.removeAll(before);
        assertThat(now).hasSize(1);
        primary.signal("TERM");
        assertThat(primary.awaitEnd()).isEqualTo(143);
    }

    @Rule("F13")
    @Test
    void givenNewSettingsWithWhichNoWorkerStarts_whenReloaded_thenItFailsAndTheOldOnesServe()
            throws Exception {
        int port = Ports.row(1);
        Program primary = start(port);
        Set<Integer> before = pids(port, 2);

        primary.tell("arguments " + port + " fail");
        primary.tell("reload");

        assertThat(primary.awaitLine("reload .*failed"))
                .matches("reload reload failed: worker \\d+ \\(pid \\d+\\) died: exit code 7");
        assertThat(pids(port, 2)).isEqualTo(before);
        primary.tell("arguments " + port);
        primary.tell("reload");
        primary.awaitLine("reload done");
        assertThat(pids(port, 2)).doesNotContainAnyElementsOf(before);
        primary.signal("TERM");
        assertThat(primary.awaitEnd()).isEqualTo(143);
    }

    @Rule("F5")
    @Test
    void givenAConnection_whenThePrimaryIsTerminated_thenItIsServedFirst() throws Exception {
        int port = Ports.row(1);
        Program primary = start(port);
        try (Client client = Client.connect(port)) {
            client.send("in part");
            primary.signal("TERM");
            primary.awaitLine("news stopping 2 workers");

            assertThat(client.send(" and whole\n").readToEnd()).startsWith("in part and whole ");
        }
        assertThat(primary.awaitEnd()).isEqualTo(143);
    }

    @Test
    void givenAConnectionThatNeverEnds_whenPatienceIsOver_thenItsWorkerIsKilled() throws Exception {
        int port = Ports.row(1);
        Program primary = start(port);
        try (Client client = Client.connect(port)) {
            client.send("in part");
            primary.tell("disconnect 300");
            primary.awaitLine("disconnected");
        }
        primary.tellNoMore();
        assertThat(primary.awaitEnd()).isZero();
    }

    /** Whose workers never serve. */
    static final class Hopeless {
        public static void main(String[] args) {
            if (!Cluster.isPrimary()) {
                System.exit(9);
            }
            Cluster.keep(1).ended().join();
        }
    }

    @Rule("F7")
    @Test
    void givenWorkersThatNeverServe_whenFiveHaveDied_thenThePoolGivesUpAndMainCanSaySo() {
        Program primary = programs.java(Hopeless.class);

        assertThat(primary.awaitEnd()).isEqualTo(1);

        assertThat(String.join("\n", primary.lines()))
                .contains(
                        "dev.prefork.PoolException: giving up, as 5 workers died before any"
                                + " listened on a port; the last, worker 5")
                .contains("with exit code 9");
    }

    /** Workers that end with the number of their slot, and nobody is replaced. */
    static final class OnceOnly {
        public static void main(String[] args) {
            if (Cluster.isWorker()) {
                System.exit(Cluster.worker().slot().orElseThrow());
            }
            Cluster.keep(PoolSettings.of(2).restart(RestartPolicy.NEVER)).ended().join();
        }
    }

    @Test
    void givenThatNobodyIsReplaced_whenTheLastHasEnded_thenThePoolSaysWhichFailed() {
        Program primary = programs.java(OnceOnly.class);

        assertThat(primary.awaitEnd()).isEqualTo(1);

        assertThat(String.join("\n", primary.lines()))
                .containsPattern(
                        "dev.prefork.PoolException: worker 2 [(]pid \\d+[)] died: exit code 1"
                                + " before it listened on a port: it is not replaced");
    }

    /** Two kinds of workers side by side, and one more that is nobody's. */
    static final class Groups {
        public static void main(String[] args) throws IOException {
            if (!Cluster.isPrimary()) {
                String kind = System.getenv("KIND");
                Worker primary = Cluster.worker();
                primary.onAsk(
                        String.class,
                        _ -> kind + " " + primary.slot().orElse(-1) + " " + List.of(args));
                return;
            }
            try (Prefork jobs = Prefork.create()) {
                Pool web =
                        Cluster.keep(
                                PoolSettings.of(2)
                                        .environment(Map.of("KIND", "web"))
                                        .runningAfter(Duration.ofMillis(100)));
                Pool more =
                        jobs.keep(
                                PoolSettings.of(1)
                                        .environment(Map.of("KIND", "job"))
                                        .runningAfter(Duration.ofMillis(100)));
                Worker single =
                        Cluster.fork(ClusterSettings.builder().args(List.of("alone")).build());
                web.listening().join();
                more.listening().join();
                web.workers().values().forEach(Groups::ask);
                more.workers().values().forEach(Groups::ask);
                ask(single);
                System.out.println(Cluster.settings().args().orElseThrow());
                try {
                    Cluster.keep(1);
                } catch (IllegalStateException e) {
                    System.out.println(e.getMessage());
                }
            }
            var _ = Cluster.disconnect();
        }

        private static void ask(Worker worker) {
            System.out.println(worker.ask("who", String.class, Duration.ofSeconds(30)).join());
        }
    }

    @Test
    void givenTwoPoolsAndAWorkerOfItsOwn_thenEachIsStartedAsItWasSaid() {
        Program primary = programs.java(Groups.class, "all");

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .containsExactly(
                        "web 0 [all]",
                        "web 1 [all]",
                        "job 0 [all]",
                        "null -1 [alone]",
                        "[all]",
                        "this primary keeps 2 workers already: scale() of that pool changes how"
                                + " many, and a Prefork of its own keeps others beside them");
    }
}
