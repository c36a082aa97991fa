package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.SchedulingPolicy;
import dev.prefork.Worker;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What fork() starts: its settings, environment, and the scheduling policy. */
class SettingsIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Forks with the defaults, then with changed arguments, then with more changes. */
    static final class Changing {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Cluster.onSetup(settings -> Events.say("setup", settings.args()));
                Events.say("empty", Cluster.settings().equals(ClusterSettings.empty()));
                runToItsEnd();
                ClusterSettings defaults = Cluster.settings();
                Events.say(
                        "defaults",
                        defaults.args(),
                        defaults.exec(),
                        defaults.execArgv().isPresent(),
                        defaults.execPath().isPresent(),
                        defaults.cwd().isPresent());
                Cluster.setupPrimary(
                        ClusterSettings.builder().args("changed", "two words").build());
                runToItsEnd();
                List<String> options =
                        List.of("-Dfrom.settings=yes", "--enable-native-access=ALL-UNNAMED");
                Cluster.setupPrimary(
                        ClusterSettings.builder().execArgv(options).cwd(Path.of(args[0])).build());
                Cluster.setupMaster();
                runToItsEnd();
            } else {
                Events.say(
                        "worker",
                        String.join(",", args),
                        System.getProperty("from.settings"),
                        Path.of("").toAbsolutePath());
                Cluster.worker().disconnect();
            }
        }

        private static void runToItsEnd() {
            Worker worker = Cluster.fork();
            worker.exited().join();
            worker.disconnected().join();
        }
    }

    @Rule({"A32", "B1", "B6", "B7"})
    @Test
    void givenSettings_whenTheyAreChanged_thenLaterForksHaveThemAndTheRestStays(
            @TempDir Path directory) {
        Program primary = programs.java(Changing.class, directory);

        assertThat(primary.awaitEnd()).isZero();

        String here = Path.of("").toAbsolutePath().toString();
        assertThat(primary.values("empty")).containsExactly("true");
        assertThat(primary.values("defaults"))
                .containsExactly(
                        "[" + directory + "] " + Changing.class.getName() + " true false false");
        assertThat(primary.values("worker"))
                .containsExactly(
                        directory + " null " + here,
                        "changed,two words null " + here,
                        "changed,two words yes " + directory);
        assertThat(primary.values("setup"))
                .startsWith("[" + directory + "]", "[changed, two words]")
                .endsWith("[changed, two words]");
    }

    /** A worker tells what it sees of its environment, and so does a child of it. */
    static final class Environment {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.say("primary", Cluster.isMaster(), Cluster.isWorker());
                Worker worker =
                        Cluster.fork(
                                Map.of(
                                        "ADDED", "zażółć",
                                        "OVERRIDDEN", "by fork",
                                        "NODE_UNIQUE_ID", "99",
                                        "NODE_CHANNEL_FD", "77"));
                Events.say("id", worker.id());
                Events.say("not ours", System.getenv("ADDED"));
            } else {
                Events.say("worker", Cluster.isMaster(), Cluster.isWorker(), Cluster.worker().id());
                Events.say("added", System.getenv("ADDED"));
                Events.say("overridden", System.getenv("OVERRIDDEN"));
                Events.say("inherited", System.getenv("INHERITED"));
                Process child =
                        new ProcessBuilder("sh", "-c", "env; ls /proc/self/fd | sed 's/^/fd /'")
                                .redirectErrorStream(true)
                                .start();
                for (String line : child.inputReader(UTF_8).lines().toList()) {
                    if (line.startsWith("NODE_")
                            || line.startsWith("ADDED")
                            || line.startsWith("fd ")) {
                        Events.say("child", line);
                    }
                }
                Cluster.worker().disconnect();
            }
        }
    }

    @Rule({"A1", "A21", "B3", "B4"})
    @Test
    void givenAnEnvironmentForFork_thenTheWorkerHasItAndItsChildrenHaveNothingOfTheCluster() {
        Program primary =
                programs.start(
                        Command.java(Environment.class)
                                .with("LC_ALL", "C.UTF-8")
                                .with("OVERRIDDEN", "by the test")
                                .with("INHERITED", "from the test"));

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .contains("primary true false", "id 1", "not ours null", "worker false true 1")
                .contains("added zażółć", "overridden by fork", "inherited from the test")
                .contains("child ADDED=zażółć");
        assertThat(primary.values("child"))
                .noneMatch(line -> line.startsWith("NODE_UNIQUE_ID"))
                .noneMatch(line -> line.startsWith("NODE_CHANNEL"));
        // Standard streams and the folder that ls reads.
        assertThat(primary.values("child fd")).containsExactly("0", "1", "2", "3");
    }

    /** What the policy is, and when it can be set. */
    static final class Policy {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Events.say("initial", Cluster.schedulingPolicy());
                Cluster.schedulingPolicy(SchedulingPolicy.NONE);
                Events.say("set", Cluster.schedulingPolicy());
                Cluster.setupPrimary();
                try {
                    Cluster.schedulingPolicy(SchedulingPolicy.ROUND_ROBIN);
                } catch (IllegalStateException e) {
                    Events.say("frozen", Cluster.schedulingPolicy(), e.getMessage());
                }
            }
        }
    }

    @Rule("B5")
    @Test
    void givenNoPolicyVariable_thenItIsRoundRobinAndCanBeSetUntilTheFirstSetup() {
        Program primary = programs.java(Policy.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines()).startsWith("initial ROUND_ROBIN", "set NONE");
        assertThat(primary.awaitValue("frozen")).startsWith("NONE").contains("ROUND_ROBIN");
    }

    @Rule("B5")
    @Test
    void givenAPolicyVariable_thenItIsThePolicy() {
        Program primary =
                programs.start(Command.java(Policy.class).with(SchedulingPolicy.VARIABLE, "none"));

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines()).startsWith("initial NONE");
    }

    @Rule({"B5", "E1"})
    @Test
    void givenABadPolicyVariable_thenTheProgramFailsWithAClearError() {
        Program primary =
                programs.start(Command.java(Policy.class).with(SchedulingPolicy.VARIABLE, "bogus"));

        assertThat(primary.awaitEnd()).isEqualTo(1);

        primary.awaitLine(".*NODE_CLUSTER_SCHED_POLICY=bogus: ");
        assertThat(primary.lines()).noneMatch(line -> line.startsWith("initial"));
    }
}
