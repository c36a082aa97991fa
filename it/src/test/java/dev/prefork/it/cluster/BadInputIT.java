package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.Worker;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Mistakes of the application, and peers that misbehave. */
class BadInputIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Tries everything that is for the other role, and everything that cannot be. */
    static final class Mistakes {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                attempt("worker()", Cluster::worker);
                attempt("NUL in args", () -> ClusterSettings.builder().args("a\0b"));
                attempt("NUL in environment", () -> Cluster.fork(Map.of("NAME", "a\0b")));
                attempt("NUL in a name", () -> Cluster.fork(Map.of("NA\0ME", "a")));
                Worker worker = Cluster.fork();
                worker.onOnline(() -> misuse(worker));
            } else {
                attempt("fork()", Cluster::fork);
                attempt("workers()", Cluster::workers);
                attempt("settings()", Cluster::settings);
                attempt("setupPrimary()", Cluster::setupPrimary);
                attempt("schedulingPolicy()", Cluster::schedulingPolicy);
                attempt("disconnect()", () -> Cluster.disconnect(() -> {}));
                attempt("onExit()", () -> Cluster.onExit((worker, exit) -> {}));
            }
        }

        private static void misuse(Worker worker) {
            attempt("executable", () -> forkWith(executable("/no/such/executable")));
            attempt("word", () -> forkWith(executable("no-such-word-on-path")));
            attempt("folder", () -> forkWith(executable("/tmp")));
            attempt("not executable", () -> forkWith(executable("/etc/passwd")));
            Path nowhere = Path.of("/no/such/folder");
            attempt("cwd", () -> forkWith(ClusterSettings.builder().cwd(nowhere).build()));
            Events.say("workers", Cluster.workers().keySet());
            ClusterSettings good = ClusterSettings.builder().cwd(Path.of("/")).build();
            Cluster.setupPrimary(good.with(executable("true")));
            Events.say("next id", Cluster.fork().id());
            attempt("bad signal", () -> worker.kill("SIGFOO"));
            attempt("bad process signal", () -> worker.process().kill("9"));
            Events.say("unharmed", worker.isConnected(), worker.exitedAfterDisconnect());
            worker.disconnect();
        }

        private static ClusterSettings executable(String path) {
            return ClusterSettings.builder().execPath(path).build();
        }

        private static void forkWith(ClusterSettings settings) {
            Cluster.setupPrimary(settings);
            Cluster.fork();
        }

        private static void attempt(String what, Runnable action) {
            try {
                action.run();
                Events.say("taken", what);
            } catch (RuntimeException e) {
                Events.say(what + ":", e.getClass().getSimpleName(), e.getMessage());
            }
        }
    }

    @Rule({"E1", "A21", "B3", "B8"})
    @Test
    void givenMistakes_thenEachIsATypedExceptionThatNamesTheValueAndDoesNoHarm() {
        Program primary = programs.java(Mistakes.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.values("taken")).isEmpty();
        assertThat(primary.awaitValue("worker():"))
                .startsWith("IllegalStateException Cluster.worker()")
                .contains("primary");
        assertThat(primary.awaitValue("NUL in args:"))
                .startsWith("IllegalArgumentException")
                .contains("args");
        assertThat(primary.awaitValue("NUL in environment:"))
                .startsWith("IllegalArgumentException")
                .contains("NAME");
        assertThat(primary.awaitValue("NUL in a name:")).startsWith("IllegalArgumentException");
        assertThat(primary.awaitValue("executable:"))
                .startsWith("ForkException")
                .contains("/no/such/executable");
        assertThat(primary.awaitValue("word:"))
                .startsWith("ForkException")
                .contains("no-such-word-on-path");
        assertThat(primary.awaitValue("folder:")).startsWith("ForkException").contains("/tmp");
        assertThat(primary.awaitValue("not executable:"))
                .startsWith("ForkException")
                .contains("/etc/passwd");
        assertThat(primary.awaitValue("cwd:"))
                .startsWith("ForkException")
                .contains("/no/such/folder");
        assertThat(primary.awaitValue("workers")).isEqualTo("[3]");
        // Two bad environments and five bad settings used up an id each.
        assertThat(primary.awaitValue("next id")).isEqualTo("9");
        assertThat(primary.awaitValue("bad signal:"))
                .startsWith("IllegalArgumentException")
                .contains("SIGFOO");
        assertThat(primary.awaitValue("bad process signal:"))
                .startsWith("IllegalArgumentException")
                .contains("9");
        assertThat(primary.awaitValue("unharmed")).isEqualTo("true null");
        for (String method :
                new String[] {
                    "fork()",
                    "workers()",
                    "settings()",
                    "setupPrimary()",
                    "schedulingPolicy()",
                    "disconnect()",
                    "onExit()"
                }) {
            assertThat(primary.awaitValue(method + ":"))
                    .startsWith("IllegalStateException Cluster." + method)
                    .contains("worker 3");
        }
    }

    /** One good worker that serves, then one that is a shell script. */
    static final class WithScript {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Worker good = Cluster.fork();
                good.onListening(address -> forkScript(args[0]));
                Commands.forEach(command -> Cluster.disconnect(() -> {}));
            } else {
                Servers.sayId(0);
            }
        }

        private static void forkScript(String script) {
            Cluster.setupPrimary(
                    ClusterSettings.builder()
                            .execPath("sh")
                            .execArgv()
                            .exec("-c")
                            .args(script)
                            .build());
            Worker worker = Cluster.fork();
            Events.say("script", worker.process().pid());
            worker.onError(problem -> Events.say("error", problem.getMessage()));
            worker.onMessage(message -> Events.say("message", message));
            worker.onMessage(
                    message -> {
                        if (message.value().equals("question")) {
                            worker.send("answer");
                        }
                    });
        }
    }

    @Rule({"E1", "A17", "A20"})
    @Test
    void givenAWorkerThatExitsBeforeItIsOnline_thenItsExitIsToldAndTheOthersGoOn()
            throws IOException {
        Program primary = programs.java(WithScript.class, "exit 7");

        primary.awaitLine("exit 2 code 7 false");
        primary.awaitLine("disconnect 2 false");

        assertThat(primary.lines()).doesNotContain("online 2");
        assertThat(Client.read(primary.awaitNumber("port 1"))).isEqualTo("1");
        primary.tell("disconnect");
        primary.awaitLine("exit 1 code 0 true");
    }

    /** The script itself goes on; it is the primary that closes the channel. */
    @Rule({"C8", "A18"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 'this is not JSON' >&3",
                "echo '{\"cmd\":\"NODE_CLUSTER\",\"act\":' >&3",
                "printf '\\377\\376\\n' >&3",
                "echo '{\"cmd\":\"NODE_CLUSTER\",\"act\":\"queryServer\",\"port\":\"x\",\"seq\":0}'"
                        + " >&3",
                "echo '{\"cmd\":\"NODE_CLUSTER\",\"act\":\"queryServer\"}' >&3",
                "echo '{\"cmd\":\"NODE_CLUSTER\",\"act\":\"close\",\"key\":{}}' >&3",
                "echo '{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\"}' >&3; echo '[' >&3",
                "trap '' PIPE; x=$(head -c 60000 /dev/zero | tr '\\0' x);"
                        + " while :; do printf %s $x >&3; done"
            })
    void givenAWorkerThatWritesGarbage_thenItLosesItsChannelWithAnErrorAndTheOthersGoOn(
            String garbage) throws IOException {
        Program primary = programs.java(WithScript.class, garbage + " 2>/dev/null; exec sleep 600");

        assertThat(primary.awaitValue("error")).isNotBlank().isNotEqualTo("null");
        primary.awaitLine("disconnect 2 false");
        Signals.send("KILL", primary.awaitNumber("script"));
        primary.awaitLine("exit 2 signal SIGKILL false");

        assertThat(Client.read(primary.awaitNumber("port 1"))).isEqualTo("1");
        primary.tell("disconnect");
        primary.awaitLine("exit 1 code 0 true");
    }

    /** Acts that nobody knows, acknowledgements of nothing; then a message, to see them passed. */
    @Rule({"C1", "C8"})
    @Test
    void givenAWorkerThatWritesUnknownInternalMessages_thenTheyAreIgnored() {
        String script =
                """
                echo '{"cmd":"NODE_CLUSTER","act":"fromTheFuture","seq":0}' >&3
                echo '{"cmd":"NODE_CLUSTER","ack":12345}' >&3
                echo '{"cmd":"NODE_UNKNOWN"}' >&3
                echo '{"cmd":"NODE_"}' >&3
                exit 5
                """;
        Program primary = programs.java(WithScript.class, script);

        primary.awaitLine("exit 2 code 5 false");
        primary.awaitLine("disconnect 2 false");

        assertThat(primary.values("message")).containsExactly("{cmd=NODE_}");
        assertThat(primary.values("error")).isEmpty();
    }

    /** Node's children have a channel that blocks, so that simple programs can use it. */
    @Rule("C1")
    @Test
    void givenAWorkerThatIsAShellScript_whenItReadsItsChannel_thenItWaitsForTheAnswer() {
        String script = "echo '\"question\"' >&3; read line <&3; echo \"read $line\"; exit 6";
        Program primary = programs.java(WithScript.class, script);

        primary.awaitLine("exit 2 code 6 false");

        assertThat(primary.values("message")).containsExactly("question");
        assertThat(primary.values("read")).containsExactly("\"answer\"");
    }
}
