package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code --spares}: a JVM that waits is the next worker, of the version that is to serve. */
class SparesIT {
    private static final String SOURCE =
            """
            import java.net.*;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    ServerSocket server = new ServerSocket(
                            Integer.parseInt(arguments[0]), 50, InetAddress.getLoopbackAddress());
                    while (true) {
                        try (Socket client = server.accept()) {
                            client.getOutputStream().write((
                                    "VERSION " + ProcessHandle.current().pid()
                                            + " slot " + System.getenv("PREFORK_SLOT")
                                            + traces()).getBytes());
                        }
                    }
                }

                static String traces() {
                    return System.getenv().keySet().stream()
                            .filter(name -> name.startsWith("NODE_UNIQUE")
                                    || name.startsWith("NODE_CHANNEL")
                                    || name.startsWith("PREFORK_SPARE"))
                            .toList().toString();
                }
            }
            """;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;
    private Path jar;
    private int port;

    @BeforeEach
    void make() throws IOException {
        port = Ports.row(1);
        jar = version("first");
    }

    private Path version(String name) throws IOException {
        Sources sources = new Sources(folder.resolve(name));
        Path classes = sources.compile(sources.write("Main.java", SOURCE.replace("VERSION", name)));
        return sources.jar("app.jar", "Main", classes);
    }

    private Program start(int workers) {
        List<Object> words = new ArrayList<>(List.of("run", "-w", workers, "--spares", 1));
        words.addAll(List.of("--ready-after", "0.3", jar, port));
        Program prefork = programs.start(Command.prefork(words.toArray()));
        prefork.awaitLine("prefork: serving .*");
        return prefork;
    }

    private static Set<Integer> jvms(Program prefork) {
        return ProcessHandle.of(prefork.pid())
                .orElseThrow()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .map(child -> (int) child.pid())
                .collect(Collectors.toSet());
    }

    /** The only one that is none of these. */
    private static int awaitSpare(Program prefork, Set<Integer> workers) {
        await().until(
                        () -> {
                            Set<Integer> all = jvms(prefork);
                            return all.containsAll(workers) && all.size() == workers.size() + 1;
                        });
        return jvms(prefork).stream().filter(pid -> !workers.contains(pid)).findAny().orElseThrow();
    }

    private String answer() throws IOException {
        return Client.read(port);
    }

    private int worker(String version) throws IOException {
        String answer = answer();
        assertThat(answer).startsWith(version + " ");
        return Integer.parseInt(answer.split(" ", -1)[1]);
    }

    @Rule({"F1", "F14"})
    @Test
    void givenASpare_whenTheWorkerIsKilled_thenItIsTheNextOneOfItsSlotAndAnotherWaits()
            throws Exception {
        Program prefork = start(1);
        int first = worker("first");
        int spare = awaitSpare(prefork, Set.of(first));

        Signals.send("KILL", first);

        assertThat(answer()).isEqualTo("first " + spare + " slot 0[]");
        assertThat(awaitSpare(prefork, Set.of(spare))).isNotEqualTo(first);
    }

    @Rule("F15")
    @Test
    void givenASpare_whenReloaded_thenTheNextSpareIsOfTheNewVersion() throws Exception {
        Program prefork = start(1);
        int first = worker("first");
        int oldSpare = awaitSpare(prefork, Set.of(first));
        deploy();

        prefork.signal("HUP");

        prefork.awaitLine("prefork: reloaded 1 worker.*");
        int second = worker("second");
        assertThat(second).isNotEqualTo(oldSpare);
        Signals.awaitGone(oldSpare);
        Signals.awaitGone(first);
        int spare = awaitSpare(prefork, Set.of(second));
        Signals.send("KILL", second);
        assertThat(worker("second")).isEqualTo(spare);
    }

    @Rule("F13")
    @Test
    void givenASpare_whenTheJarWasReplacedAndNobodyReloads_thenTheOldVersionServesOn()
            throws Exception {
        Program prefork = start(1);
        int first = worker("first");
        awaitSpare(prefork, Set.of(first));
        deploy();

        Signals.send("KILL", first);

        int second = worker("first");
        awaitSpare(prefork, Set.of(second));
        Signals.send("KILL", second);
        worker("first");
    }

    /** Of two, as soon as both serve. */
    private Set<Integer> bothWorkers() {
        Set<Integer> pids = new HashSet<>();
        await().until(
                        () -> {
                            pids.add(worker("first"));
                            return pids.size() == 2;
                        });
        return Set.copyOf(pids);
    }

    private void deploy() throws IOException {
        Files.move(version("second"), jar, StandardCopyOption.ATOMIC_MOVE);
    }

    @Rule("F14")
    @Test
    void givenOneSpare_whenAllWorkersAreKilled_thenAllPlacesAreFilled() throws Exception {
        Program prefork = start(2);
        Set<Integer> workers = bothWorkers();
        int spare = awaitSpare(prefork, workers);

        workers.forEach(worker -> Signals.send("KILL", worker));

        assertThat(bothWorkers()).contains(spare).doesNotContainAnyElementsOf(workers);
    }

    @Rule("F8")
    @Test
    void givenASpare_whenPreforkIsKilled_thenItEndsToo() throws Exception {
        Program prefork = start(1);
        int worker = worker("first");
        int spare = awaitSpare(prefork, Set.of(worker));

        prefork.signal("KILL");

        Signals.awaitGone(worker);
        Signals.awaitGone(spare);
    }

    @Test
    void givenASpare_whenItIsKilled_thenTheNextWorkerIsStartedAsWithoutSpares() throws Exception {
        Program prefork = start(1);
        int first = worker("first");
        int spare = awaitSpare(prefork, Set.of(first));
        Signals.send("KILL", spare);
        Signals.awaitGone(spare);

        Signals.send("KILL", first);

        int second = worker("first");
        assertThat(second).isNotIn(first, spare);
        awaitSpare(prefork, Set.of(second));
        prefork.signal("TERM");
        prefork.awaitLine("prefork: stopped");
        assertThat(prefork.awaitEnd()).isZero();
    }
}
