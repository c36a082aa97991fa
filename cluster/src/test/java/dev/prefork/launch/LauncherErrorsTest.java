package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.ClusterSettings;
import dev.prefork.ForkException;
import dev.prefork.loop.EventLoop;
import dev.prefork.loop.StreamSocket;
import dev.prefork.posix.DescriptorLimit;
import dev.prefork.posix.Errno;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.Fd;

import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A machine without room, at each step of a launch: a ForkException that says why, nothing left
 * open, no child left behind, and the next launch succeeds (SPEC E2).
 */
class LauncherErrorsTest {
    /** More than a launch takes. */
    private static final int MANY = 200;

    @RegisterExtension final NothingOpen nothingOpen = new NothingOpen();
    @TempDir Path folder;

    private EventLoop loop;
    private Fd agent;
    private Launcher launcher;

    @BeforeEach
    void open() throws IOException {
        loop = EventLoop.open(fault -> {});
        Thread.ofPlatform().daemon().start(loop);
        Path jar =
                Jars.write(
                        folder.resolve("prefork.jar"),
                        "Premain-Class: dev.prefork.agent.PreforkAgent\n");
        agent = AgentJar.copyOf(jar);
        launcher = new Launcher(Optional.empty(), List.of(), Spawner.PROCESSES, () -> agent);
        // Whatever classes it needs are loaded now.
        for (ClusterSettings settings : settings().toList()) {
            end(launch(settings));
        }
    }

    @AfterEach
    void close() {
        launcher.close();
        agent.close();
        loop.close();
    }

    /** Each a process that ends by itself. */
    static Stream<ClusterSettings> settings() {
        return Stream.of(
                program().build(),
                program().silent(true).build(),
                program().stdio("ignore", "pipe", 2, "ipc", "pipe", "ignore", "pipe").build(),
                program().exec("true").standalone(true).build(),
                program().wrapped(true).build(),
                program().cwd(Path.of("/")).uid(65534).gid(65534).build());
    }

    private static ClusterSettings.Builder program() {
        return ClusterSettings.builder().execPath("true").execArgv().exec("").args("x");
    }

    @ParameterizedTest
    @MethodSource("settings")
    void givenRoomForNDescriptors_whenLaunched_thenItIsRefusedUntilThereAreEnough(
            ClusterSettings settings) throws IOException {
        try (DescriptorLimit limit = new DescriptorLimit()) {
            List<String> before = NothingOpen.open();
            Optional<Launched> launched = Optional.empty();
            int n = 0;
            for (; launched.isEmpty() && n < MANY; n++) {
                limit.leave(n);
                launched = tryTo(settings, Errno.EMFILE);
                limit.restore();
                if (launched.isEmpty()) {
                    awaitOpen(before);
                }
            }

            assertThat(launched).as("with %d descriptors", n).isPresent();
            assertThat(n).isGreaterThan(2);
            end(launched.orElseThrow());
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void givenTheNthCallFails_whenLaunched_thenItIsRefusedAndTheNextOneIsNot(
            ClusterSettings settings) throws IOException {
        List<String> before = NothingOpen.open();
        try (FailingKernel kernel = FailingKernel.ofThisThread()) {
            for (String call : callsOf(kernel, settings)) {
                for (int errno : FailingKernel.ERRNOS) {
                    failEach(kernel, call, errno, settings, before);
                }
            }
        }

        end(launch(settings));
    }

    private Set<String> callsOf(FailingKernel kernel, ClusterSettings settings) throws IOException {
        kernel.fail(0, 0);
        end(launch(settings));
        Set<String> calls = new TreeSet<>(kernel.calls());
        // What wakes the loop up is a counter in the kernel, which needs nothing; the children are
        // reaped by the test.
        calls.removeAll(Set.of("write", "wait4"));
        // With other credentials the process is started on another thread.
        assertThat(calls).contains("socketpair", "fcntl", "pidfd_open");
        return calls;
    }

    /** The first of these calls, then the second, until there are no more. */
    private void failEach(
            FailingKernel kernel,
            String call,
            int errno,
            ClusterSettings settings,
            List<String> before)
            throws IOException {
        boolean failed = true;
        for (int n = 1; failed; n++) {
            assertThat(n).as(call).isLessThan(MANY);
            kernel.fail(call, n, errno);
            Optional<Launched> launched = tryTo(settings, errno);
            failed = kernel.failed();
            kernel.fail(0, 0);
            if (launched.isPresent()) {
                end(launched.get());
            }
            awaitOpen(before);
        }
    }

    /** The jar is read at each fork, and copied at the first. */
    @Test
    void givenNoRoomToReadAJar_whenLaunched_thenTheExceptionNamesIt() throws IOException {
        Path jar = Jars.write(folder.resolve("app.jar"), "Main-Class: A\n");
        ClusterSettings settings =
                ClusterSettings.builder().exec(jar.toString()).execArgv().args().build();
        assertThat(Files.size(jar)).isPositive();

        try (DescriptorLimit limit = new DescriptorLimit()) {
            Stdio.open(settings).close();
            // Room for the channel, and for nothing else.
            limit.leave(2);

            assertThat(tryTo(settings, Errno.EMFILE)).isEmpty();
        }
    }

    private static Optional<Launched> none(ForkException refused, int errno) {
        assertThat(refused)
                .hasMessageStartingWith("cannot fork: ")
                .hasMessageMatching("(?s).*(" + Errno.name(errno) + "|Too many open files).*");
        return Optional.empty();
    }

    private Optional<Launched> tryTo(ClusterSettings settings, int errno) {
        try {
            return Optional.of(launch(settings));
        } catch (ForkException refused) {
            return none(refused, errno);
        }
    }

    private Launched launch(ClusterSettings settings) {
        return launcher.launch(new LaunchRequest(1, settings, Map.of(), Place.NONE, loop));
    }

    private static void end(Launched launched) throws IOException {
        soon().until(() -> launched.child().reap().isPresent());
        launched.child().close();
        launched.channel().close();
        for (StreamSocket pipe : launched.pipes().values()) {
            pipe.input().close();
            pipe.output().close();
        }
    }

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }

    private static void awaitOpen(List<String> expected) {
        soon().untilAsserted(
                        () -> assertThat(NothingOpen.open()).containsExactlyElementsOf(expected));
        assertThat(ProcessHandle.current().children()).as("children").isEmpty();
    }
}
