package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.prefork.ClusterSettings;
import dev.prefork.posix.CString;
import dev.prefork.posix.PosixException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** SPEC B3, F1. */
class WorkerEnvironmentTest {
    private Stdio stdio;

    @BeforeEach
    void open() throws PosixException {
        stdio = Stdio.open(ClusterSettings.empty());
    }

    @AfterEach
    void close() {
        stdio.close();
    }

    @Test
    void givenAWorker_whenItIsStarted_thenItHasOursTheForksAndWhatMakesItAWorker() {
        Map<CString, CString> variables =
                of(
                        request(Map.of("ADDED", "1", "BOTH", "fork")),
                        Map.of("PATH", "/bin", "BOTH", "ours"));

        assertThat(variables)
                .isEqualTo(
                        encoded(
                                Map.of(
                                        "PATH", "/bin",
                                        "ADDED", "1",
                                        "BOTH", "fork",
                                        "NODE_UNIQUE_ID", "7",
                                        "NODE_CHANNEL_FD", "3",
                                        "NODE_CHANNEL_SERIALIZATION_MODE", "json")));
    }

    @Test
    void givenAPrimaryThatIsAWorkerItself_whenItForks_thenNothingOfItsOwnRoleIsInherited() {
        Map<CString, CString> variables =
                of(
                        request(Map.of()),
                        Map.of(
                                "PREFORK_SLOT", "3",
                                "PREFORK_PORTS", "9=private",
                                "PREFORK_STOP_MILLIS", "5",
                                "PREFORK_IDLE_MILLIS", "5",
                                "PREFORK_PIPES", "4",
                                "NODE_UNIQUE_ID", "99",
                                "NODE_CHANNEL_FD", "77",
                                "NODE_CHANNEL_SERIALIZATION_MODE", "advanced",
                                "PREFORK_JAVA_HOME", "/jdk"));

        assertThat(variables)
                .isEqualTo(
                        encoded(
                                Map.of(
                                        "PREFORK_JAVA_HOME", "/jdk",
                                        "NODE_UNIQUE_ID", "7",
                                        "NODE_CHANNEL_FD", "3",
                                        "NODE_CHANNEL_SERIALIZATION_MODE", "json")));
    }

    @Test
    void givenASlotOfTheFork_whenAWorkerIsStarted_thenItHasThat() {
        Map<CString, CString> variables =
                of(request(Map.of("PREFORK_SLOT", "1")), Map.of("PREFORK_SLOT", "3"));

        assertThat(variables).containsEntry(CString.of("PREFORK_SLOT"), CString.of("1"));
    }

    @Test
    void givenTheSettingsOfAWorker_whenItIsStarted_thenTheyWinOverVariables() {
        ClusterSettings settings =
                ClusterSettings.builder()
                        .ports("80=private")
                        .stopTimeout(Duration.ofMillis(1500))
                        .idleGrace(Duration.ofMillis(700))
                        .build();
        Map<String, String> fork = Map.of("PREFORK_PORTS", "no", "NODE_UNIQUE_ID", "9");

        assertThat(of(new LaunchRequest(1, settings, fork, Place.NONE, null), Map.of()))
                .containsAllEntriesOf(
                        encoded(
                                Map.of(
                                        "PREFORK_PORTS", "80=private",
                                        "PREFORK_STOP_MILLIS", "1500",
                                        "PREFORK_IDLE_MILLIS", "700",
                                        "NODE_UNIQUE_ID", "1")));
    }

    @Test
    void givenExtraPipes_whenAWorkerIsStarted_thenItIsToldWhichTheyAre() throws PosixException {
        try (Stdio pipes =
                Stdio.open(
                        ClusterSettings.builder()
                                .stdio("pipe", 1, 2, "pipe", "ipc", "pipe")
                                .build())) {
            assertThat(WorkerEnvironment.of(request(Map.of()), pipes, Map.of()))
                    .containsAllEntriesOf(
                            encoded(Map.of("PREFORK_PIPES", "3,5", "NODE_CHANNEL_FD", "4")));
        }
    }

    /** Whatever the locale of this process. */
    @Test
    void givenVariablesThatAreNoText_whenAWorkerIsStarted_thenItHasTheSameBytes() {
        Map<CString, CString> inherited =
                Map.of(
                        CString.of("NAME"), CString.of("Zürich".getBytes(StandardCharsets.UTF_8)),
                        CString.of("BYTES"), CString.of(HexFormat.of().parseHex("ff80")),
                        CString.of(HexFormat.of().parseHex("e9")), CString.of("a name"));

        assertThat(WorkerEnvironment.of(request(Map.of()), stdio, inherited))
                .containsAllEntriesOf(inherited);
    }

    @ParameterizedTest
    @CsvSource(
            value = {"'',x", "A=B,x", "A\0B,x", "A,x\0y"},
            ignoreLeadingAndTrailingWhitespace = false)
    void givenWhatCanBeNoVariable_whenForked_thenItIsRefusedByName(String name, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(request(Map.of(name, value)), Map.of()))
                .withMessageStartingWith("no environment variable can be ");
    }

    @Test
    void givenASlotThatIsNoNumber_whenForked_thenItIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(request(Map.of("PREFORK_SLOT", "first")), Map.of()))
                .withMessageContaining("PREFORK_SLOT=first");
    }

    private Map<CString, CString> of(LaunchRequest request, Map<String, String> inherited) {
        return WorkerEnvironment.of(request, stdio, encoded(inherited));
    }

    private static Map<CString, CString> encoded(Map<String, String> variables) {
        Map<CString, CString> encoded = new HashMap<>();
        variables.forEach((name, value) -> encoded.put(CString.of(name), CString.of(value)));
        return encoded;
    }

    private static LaunchRequest request(Map<String, String> environment) {
        return new LaunchRequest(7, ClusterSettings.empty(), environment, Place.NONE, null);
    }
}
