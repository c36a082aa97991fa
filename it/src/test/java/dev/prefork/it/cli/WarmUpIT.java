package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code --warm-up}: a new worker has had prefork's requests before it gets those of others. */
@Rule({"D2", "F6"})
class WarmUpIT {
    @RegisterExtension private final Programs programs = new Programs();

    /** Says to others who it is, and how often it was asked by prefork itself. */
    static final class Counting {
        private static final AtomicInteger WARM_UPS = new AtomicInteger();

        public static void main(String[] args) throws IOException {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/warm", exchange -> answer(exchange, 200));
            server.createContext("/missing", exchange -> answer(exchange, 404));
            server.createContext("/", exchange -> answer(exchange, 200));
            server.start();
        }

        private static void answer(HttpExchange exchange, int status) {
            String agent = exchange.getRequestHeaders().getFirst("User-Agent");
            if ("prefork-warm-up".equals(agent)) {
                WARM_UPS.incrementAndGet();
            }
            byte[] text = (ProcessHandle.current().pid() + " " + WARM_UPS.get()).getBytes(US_ASCII);
            try (exchange) {
                exchange.sendResponseHeaders(status, text.length);
                exchange.getResponseBody().write(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private record Answer(int pid, int warmUps) {
        static Answer of(Running server) throws IOException {
            String[] words = Client.get(server.port(), "/").split(" ", -1);
            return new Answer(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
        }
    }

    private Running start(Object... options) {
        return Running.await(
                programs.start(Running.program(Counting.class, List.of(), options)), 1);
    }

    /** All answers until prefork has said this so many times. */
    private static List<Answer> askUntil(Running server, String line, int times)
            throws IOException {
        List<Answer> answers = new ArrayList<>();
        while (server.program().lines().stream().filter(said -> said.matches(line)).count()
                < times) {
            answers.add(Answer.of(server));
        }
        return answers;
    }

    @Test
    void givenWorkersThatServe_whenReloaded_thenTheNewOnesAreWarmAtTheirFirstRequest()
            throws IOException {
        Running server =
                start("-w", 2, "--warm-up", "/warm", "--warm-up-time", "1", "--ready-after", "0.5");
        for (int i = 0; i < 10; i++) {
            assertThat(Answer.of(server).warmUps()).isZero();
        }

        server.program().signal("HUP");
        List<Answer> answers = askUntil(server, "prefork: reloaded 2 workers.*", 1);
        for (int i = 0; i < 10; i++) {
            answers.add(Answer.of(server));
        }

        Set<Integer> all = new TreeSet<>();
        answers.forEach(answer -> all.add(answer.pid()));
        assertThat(all).hasSize(4).containsAll(server.pids());
        assertThat(answers)
                .allMatch(
                        answer ->
                                server.pids().contains(answer.pid())
                                        ? answer.warmUps() == 0
                                        : answer.warmUps() > 20);
    }

    @Test
    void givenAWorkerThatDies_whenAnotherServes_thenItsSuccessorIsWarmedUpToo() throws IOException {
        Running server =
                start("-w", 2, "--warm-up", "/warm", "--warm-up-time", "1", "--ready-after", "0.5");

        Signals.send("KILL", server.pids().getFirst());
        List<Answer> answers = askUntil(server, "prefork: serving .* with 2 workers.*", 2);

        assertThat(answers).isNotEmpty();
        for (int i = 0; i < 10; i++) {
            answers.add(Answer.of(server));
        }
        assertThat(answers)
                .allMatch(
                        answer -> answer.pid() == server.pids().getLast() || answer.warmUps() > 20);
        assertThat(answers).anyMatch(answer -> !server.pids().contains(answer.pid()));
    }

    /** It is not kept from serving. */
    @Test
    void givenTheOnlyWorker_whenItDies_thenItsSuccessorServesAtOnce() throws IOException {
        Running server = start("-w", 1, "--warm-up", "/warm", "--warm-up-time", "30");
        int killed = server.pids().getFirst();

        Signals.send("KILL", killed);

        Answer next = Answer.of(server);
        assertThat(next.pid()).isNotEqualTo(killed);
        assertThat(next.warmUps()).isZero();
    }

    @Test
    void givenAPathThatIsNotThere_whenReloaded_thenThatIsSaidAndTheReloadGoesOn() {
        Running server = start("-w", 1, "--warm-up", "/missing", "--ready-after", "0.5");

        server.program().signal("HUP");

        server.program()
                .awaitLine(
                        "prefork: worker 2 is not warmed up by /missing: HTTP/1.1 404 Not Found");
        server.program().awaitLine("prefork: reloaded 1 worker.*");
    }

    @ParameterizedTest
    @CsvSource({
        "health,    1,  rr,   --warm-up health: say the path of a URL",
        "/health,   60, rr,   --warm-up-time must be more than 0 seconds and less than"
                + " --listen-timeout",
        "/health,   0,  rr,   --warm-up-time must be more than 0 seconds and less than"
                + " --listen-timeout",
        "/health,   1,  none, '--warm-up is for --policy rr, and here the system chooses'"
    })
    void givenWhatCannotBe_whenStarted_thenItSaysSo(
            String path, String time, String policy, String sentence) {
        Program prefork =
                programs.start(
                        Running.program(
                                Counting.class,
                                List.of(),
                                "--policy",
                                policy,
                                "--warm-up",
                                path,
                                "--warm-up-time",
                                time));

        assertThat(prefork.awaitExit()).isEqualTo(2);
        assertThat(prefork.lines()).anyMatch(line -> line.contains(sentence));
    }
}
