package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.prefork.ClusterSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Map;

/** SPEC B3, F1. */
class WorkerEnvironmentTest {
    @Test
    void givenAWorker_whenItIsStarted_thenItHasOursTheForksAndWhatMakesItAWorker() {
        Map<String, String> variables =
                WorkerEnvironment.of(
                        request(Map.of("ADDED", "1", "BOTH", "fork")),
                        Map.of("PATH", "/bin", "BOTH", "ours"));

        assertThat(variables)
                .containsOnly(
                        Map.entry("PATH", "/bin"),
                        Map.entry("ADDED", "1"),
                        Map.entry("BOTH", "fork"),
                        Map.entry("NODE_UNIQUE_ID", "7"),
                        Map.entry("NODE_CHANNEL_SERIALIZATION_MODE", "json"));
    }

    @Test
    void givenAPrimaryThatIsAWorkerItself_whenItForks_thenNothingOfItsOwnRoleIsInherited() {
        Map<String, String> variables =
                WorkerEnvironment.of(
                        request(Map.of()),
                        Map.of(
                                "PREFORK_SLOT", "3",
                                "PREFORK_PORTS", "9=private",
                                "PREFORK_STOP_MILLIS", "5",
                                "PREFORK_PIPES", "4",
                                "NODE_UNIQUE_ID", "99",
                                "NODE_CHANNEL_FD", "77",
                                "NODE_CHANNEL_SERIALIZATION_MODE", "advanced",
                                "PREFORK_JAVA_HOME", "/jdk"));

        assertThat(variables)
                .containsOnly(
                        Map.entry("PREFORK_JAVA_HOME", "/jdk"),
                        Map.entry("NODE_UNIQUE_ID", "7"),
                        Map.entry("NODE_CHANNEL_SERIALIZATION_MODE", "json"));
    }

    @Test
    void givenASlotOfTheFork_whenAWorkerIsStarted_thenItHasThat() {
        Map<String, String> variables =
                WorkerEnvironment.of(
                        request(Map.of("PREFORK_SLOT", "1")), Map.of("PREFORK_SLOT", "3"));

        assertThat(variables).containsEntry("PREFORK_SLOT", "1");
    }

    @Test
    void givenTheSettingsOfAWorker_whenItIsStarted_thenTheyWinOverVariables() {
        ClusterSettings settings =
                ClusterSettings.builder()
                        .ports("80=private")
                        .stopTimeout(Duration.ofMillis(1500))
                        .build();
        LaunchRequest request =
                new LaunchRequest(
                        1, settings, Map.of("PREFORK_PORTS", "no", "NODE_UNIQUE_ID", "9"), null);

        assertThat(WorkerEnvironment.of(request, Map.of()))
                .containsEntry("PREFORK_PORTS", "80=private")
                .containsEntry("PREFORK_STOP_MILLIS", "1500")
                .containsEntry("NODE_UNIQUE_ID", "1");
    }

    @ParameterizedTest
    @CsvSource(
            value = {"'',x", "A=B,x", "A\0B,x", "A,x\0y"},
            ignoreLeadingAndTrailingWhitespace = false)
    void givenWhatCanBeNoVariable_whenForked_thenItIsRefusedByName(String name, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkerEnvironment.of(request(Map.of(name, value)), Map.of()))
                .withMessageStartingWith("no environment variable can be ");
    }

    @Test
    void givenASlotThatIsNoNumber_whenForked_thenItIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                WorkerEnvironment.of(
                                        request(Map.of("PREFORK_SLOT", "first")), Map.of()))
                .withMessageContaining("PREFORK_SLOT=first");
    }

    private static LaunchRequest request(Map<String, String> environment) {
        return new LaunchRequest(7, ClusterSettings.empty(), environment, null);
    }
}
