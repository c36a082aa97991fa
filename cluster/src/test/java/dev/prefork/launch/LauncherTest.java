package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.prefork.ClassDataSource;
import dev.prefork.ClusterSettings;
import dev.prefork.ForkException;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.CString;
import dev.prefork.posix.Credentials;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Spawn;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/** What a launch hands to the system, and what it leaves behind when it fails. */
class LauncherTest {
    @RegisterExtension final NothingOpen nothingOpen = new NothingOpen();

    private static final Optional<JavaCommandLine> THIS =
            JavaCommandLine.parse(List.of("-Xmx1g", "-cp", "x", "Main", "a b"));

    private final FailingSpawner spawner = new FailingSpawner(Errno.EAGAIN);
    private final Launcher launcher = launcher(THIS, spawner);
    private EventLoop loop;

    @BeforeEach
    void startLoop() throws IOException {
        loop = EventLoop.open(fault -> {});
        Thread.ofPlatform().daemon().start(loop);
    }

    @AfterEach
    void stopLoop() {
        loop.close();
    }

    // The defaults.

    @Test
    void givenThisProgram_thenTheDefaultsAreItItsArgumentsAndItsOptions() {
        assertThat(launcher.defaults())
                .hasToString("{args: [a b], exec: Main, execArgv: [-Xmx1g], silent: false}");
    }

    @Test
    void givenACommandLineThatIsNotUnderstood_thenThereIsNoDefaultProgram() {
        Launcher unknown = launcher(Optional.empty(), spawner);

        assertThat(unknown.defaults()).hasToString("{args: [], execArgv: [], silent: false}");
        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> unknown.launch(request(unknown.defaults())))
                .withMessageContaining("exec(");
        assertThat(spawner.spawns).isEmpty();
    }

    // What is handed to the system.

    @Test
    void givenAnExecutable_whenLaunched_thenTheSystemGetsExactlyThat() {
        fails(
                executable("node")
                        .exec("server.js")
                        .args("a", "b c")
                        .cwd(Path.of("/"))
                        .uid(1)
                        .gid(2)
                        .stdio("ignore", "inherit", 2, "ipc", "pipe")
                        .ownProcessGroup(true)
                        .build());

        Spawn spawn = spawner.spawns.getFirst();
        assertThat(spawn.executable()).isEqualTo(CString.of("node"));
        assertThat(spawn.arguments()).isEqualTo(cStrings("server.js", "a", "b c"));
        assertThat(spawn.directory()).contains(CString.of("/"));
        assertThat(spawn.descriptors()).containsOnlyKeys(0, 1, 2, 3, 4).containsEntry(2, 2);
        assertThat(spawn.ownGroup()).isTrue();
        assertThat(spawn.environment())
                .containsEntry(CString.of("NODE_UNIQUE_ID"), CString.of("7"))
                .containsEntry(CString.of("ADDED"), CString.of("1"))
                .containsKey(CString.of("PATH"));
        assertThat(spawner.credentials)
                .containsExactly(new Credentials(OptionalInt.of(1), OptionalInt.of(2)));
    }

    @Test
    void givenADebugger_whenTwoAreLaunched_thenEachHasAPortOfItsOwn() {
        ClusterSettings settings =
                launcher.defaults()
                        .with(
                                ClusterSettings.builder()
                                        .execArgv("-agentlib:jdwp=server=y,address=5005")
                                        .build());

        fails(settings);
        fails(settings);

        assertThat(spawner.spawns.get(0).arguments())
                .contains(CString.of("-agentlib:jdwp=server=y,address=5006"));
        assertThat(spawner.spawns.get(1).arguments())
                .contains(CString.of("-agentlib:jdwp=server=y,address=5007"));
    }

    /** SPEC F1. */
    @Test
    void givenArgumentsThatAreNoText_whenLaunchedAgain_thenTheyAreTheSameBytes() {
        byte[] cafe = {'c', 'a', 'f', (byte) 0xE9};
        byte[] words = "java\0Main\0caf\u00e9\0".getBytes(StandardCharsets.ISO_8859_1);
        Launcher latin1 =
                launcher(
                        JavaCommandLine.of(Path.of("/bin/java"), JavaCommandLine.words(words)),
                        spawner);

        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> latin1.launch(request(latin1.defaults())));

        assertThat(spawner.spawns.getFirst().arguments()).endsWith(CString.of(cafe));
    }

    @Test
    void givenAStandaloneProgram_whenLaunched_thenItIsLentTheAgentAboveItsOtherDescriptors()
            throws IOException {
        try (Fd agent = Descriptors.openNull()) {
            Launcher lender = new Launcher(THIS, List.of(), spawner, () -> agent);
            ClusterSettings settings =
                    ClusterSettings.builder()
                            .standalone(true)
                            .stdio(0, 1, 2, "ipc", "ignore")
                            .build();

            assertThatExceptionOfType(ForkException.class)
                    .isThrownBy(() -> lender.launch(request(lender.defaults().with(settings))));

            Spawn spawn = spawner.spawns.getFirst();
            assertThat(spawn.arguments()).startsWith(CString.of("-javaagent:/proc/self/fd/5"));
            assertThat(spawn.descriptors()).containsEntry(5, agent.number());
            assertThat(agent.isOpen()).isTrue();
        }
    }

    @Test
    void givenClassData_whenAStandaloneProgramIsLaunched_thenItIsThatOfItsJvm() throws IOException {
        List<ClassDataSource.Jvm> asked = new ArrayList<>();
        ClassDataSource source =
                jvm -> {
                    asked.add(jvm);
                    return Optional.of(
                            new ClassDataSource.ClassData(Path.of("/c.jar"), Path.of("/c.jsa")));
                };
        try (Fd agent = Descriptors.openNull()) {
            Launcher lender = new Launcher(THIS, List.of(), spawner, () -> agent);
            ClusterSettings settings =
                    lender.defaults()
                            .with(
                                    ClusterSettings.builder()
                                            .standalone(true)
                                            .execPath("/jdk/bin/java")
                                            .classData(source)
                                            .build());

            for (ClusterSettings each :
                    List.of(
                            settings,
                            settings.with(ClusterSettings.builder().uid(65534).build()),
                            settings.with(ClusterSettings.builder().gid(65534).build()),
                            settings.with(ClusterSettings.builder().standalone(false).build()),
                            settings.with(ClusterSettings.builder().exec("Main.java").build()),
                            settings.with(ClusterSettings.builder().exec("m/p.Main").build()))) {
                assertThatExceptionOfType(ForkException.class)
                        .isThrownBy(() -> lender.launch(request(each)));
            }

            assertThat(asked)
                    .containsExactly(
                            new ClassDataSource.Jvm(
                                    "/jdk/bin/java",
                                    List.of("-Xmx1g"),
                                    Path.of("/proc/self/fd/" + agent.number())));
            assertThat(spawner.spawns.getFirst().arguments())
                    .contains(CString.of("-XX:SharedArchiveFile=/c.jsa"));
            assertThat(spawner.spawns.stream().skip(1))
                    .noneMatch(
                            spawn ->
                                    spawn.arguments()
                                            .contains(CString.of("-XX:SharedArchiveFile=/c.jsa")));
        }
    }

    /** Whatever prefork.jar is now. */
    @Test
    void givenAProgramThatIsNotStandalone_whenLaunched_thenNoAgentIsLookedFor() {
        fails(launcher.defaults());

        assertThat(spawner.spawns.getFirst().descriptors()).containsOnlyKeys(0, 1, 2, 3);
    }

    // Errors.

    @Test
    void givenNoAgent_whenAStandaloneProgramIsLaunched_thenItIsRefusedAndNothingIsLeft() {
        ClusterSettings settings = ClusterSettings.builder().standalone(true).silent(true).build();

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> launcher.launch(request(launcher.defaults().with(settings))))
                .withMessage("no agent");
        assertThat(spawner.spawns).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EAGAIN, Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.EPERM})
    void givenASystemThatRefuses_whenLaunched_thenTheExceptionSaysWhyAndNothingIsLeft(int errno) {
        Launcher refused = launcher(THIS, new FailingSpawner(errno));

        for (ClusterSettings settings :
                List.of(
                        executable("node").build(),
                        executable("node").silent(true).build(),
                        executable("node").stdio("pipe", "ignore", 2, "ipc", "pipe").build())) {
            assertThatExceptionOfType(ForkException.class)
                    .isThrownBy(() -> refused.launch(request(settings)))
                    .withMessageStartingWith("cannot fork: posix_spawn(node): " + Errno.name(errno))
                    .withCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void givenNoSuchExecutable_whenLaunched_thenTheExceptionNamesIt() {
        Launcher refused = launcher(THIS, new FailingSpawner(Errno.ENOENT));

        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> refused.launch(request(executable("nodd").build())))
                .withMessage("cannot fork: there is no executable nodd");
    }

    @Test
    void givenNoSuchFolder_whenLaunched_thenTheExceptionNamesItAndNothingIsStarted() {
        ClusterSettings settings = executable("node").cwd(Path.of("/no/such")).build();

        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> launcher.launch(request(settings)))
                .withMessage("cannot fork: cwd=/no/such is not a directory");
        assertThat(spawner.spawns).isEmpty();
    }

    @Test
    void givenAnEnvironmentThatCannotBe_whenLaunched_thenNothingIsStarted() {
        LaunchRequest bad =
                new LaunchRequest(
                        1, executable("node").build(), Map.of("A=B", "x"), Place.NONE, loop);

        assertThatIllegalArgumentException().isThrownBy(() -> launcher.launch(bad));
        assertThat(spawner.spawns).isEmpty();
    }

    @Test
    void givenASupplierOfNoPort_whenLaunched_thenNothingIsStarted() {
        ClusterSettings settings =
                ClusterSettings.builder()
                        .execArgv("-agentlib:jdwp=server=y")
                        .inspectPort(() -> -1)
                        .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> launcher.launch(request(launcher.defaults().with(settings))))
                .withMessageContaining("inspectPort=-1");
        assertThat(spawner.spawns).isEmpty();
    }

    @Test
    void givenALoopThatHasEnded_whenLaunched_thenNothingIsStartedAndNothingIsLeft() {
        loop.close();

        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(
                        () -> launcher.launch(request(executable("node").silent(true).build())));
        assertThat(spawner.spawns).isEmpty();
    }

    /** A spawner's own bug is no ForkException, but leaves nothing open either. */
    @Test
    void givenASpawnerThatBreaks_whenLaunched_thenNothingIsLeft() {
        Launcher broken =
                launcher(
                        THIS,
                        (spawn, credentials) -> {
                            throw new IllegalStateException("broken");
                        });

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> broken.launch(request(executable("node").silent(true).build())));
    }

    private static Launcher launcher(Optional<JavaCommandLine> program, Spawner spawner) {
        return new Launcher(program, List.of(), spawner, LauncherTest::noAgent);
    }

    private static Fd noAgent() {
        throw new IllegalArgumentException("no agent");
    }

    private static List<CString> cStrings(String... texts) {
        return Stream.of(texts).map(CString::of).toList();
    }

    private void fails(ClusterSettings settings) {
        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> launcher.launch(request(settings)));
    }

    private static ClusterSettings.Builder executable(String name) {
        return ClusterSettings.builder().execPath(name).execArgv().exec("").args();
    }

    private LaunchRequest request(ClusterSettings settings) {
        return new LaunchRequest(7, settings, Map.of("ADDED", "1"), Place.NONE, loop);
    }
}
