package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.posix.CString;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

class JoinVariablesTest {
    private static final JoinOffer OFFER = new JoinOffer(7, 48, 49);

    private static Map<String, String> of(Map<String, String> worker, String folder) {
        Map<CString, CString> variables = new HashMap<>();
        worker.forEach((name, value) -> variables.put(CString.of(name), CString.of(value)));
        return JoinVariables.of(variables, OFFER, new JoinFiles(Path.of(folder)))
                .entrySet()
                .stream()
                .collect(
                        Collectors.toMap(
                                entry -> entry.getKey().toString(),
                                entry -> entry.getValue().toString()));
    }

    @Test
    void givenAWorkersVariables_whenItIsWrapped_thenTheChannelIsOfferedAndNotGiven() {
        assertThat(
                        of(
                                Map.of(
                                        "NODE_UNIQUE_ID", "7",
                                        "NODE_CHANNEL_FD", "3",
                                        "NODE_CHANNEL_SERIALIZATION_MODE", "json",
                                        "HOME", "/root"),
                                "/tmp/p"))
                .isEqualTo(
                        Map.of(
                                "HOME", "/root",
                                "PREFORK_JOIN", "7,48,49",
                                "JDK_JAVA_OPTIONS", "-javaagent:/tmp/p/prefork.jar=join",
                                "NODE_OPTIONS", "--require=/tmp/p/join.cjs"));
    }

    @Test
    void givenTheUsersOptions_whenItIsWrapped_thenOurAgentIsFirstAndOurScriptLast() {
        Map<String, String> variables =
                of(Map.of("JDK_JAVA_OPTIONS", "-Xmx1g", "NODE_OPTIONS", "--trace"), "/tmp/p");

        assertThat(variables)
                .containsEntry("JDK_JAVA_OPTIONS", "-javaagent:/tmp/p/prefork.jar=join -Xmx1g")
                .containsEntry("NODE_OPTIONS", "--trace --require=/tmp/p/join.cjs");
    }

    @ParameterizedTest
    @CsvSource({"/tmp/p,''", "/tmp/p,-Xmx1g -Dx=y", "/tmp/a b/p,''", "/tmp/a b/p,\"-Dx=a b\""})
    void givenAnyFolder_whenOurAgentIsTakenOut_thenTheUsersOptionsAreLeft(
            String folder, String users) {
        Map<String, String> user = users.isEmpty() ? Map.of() : Map.of("JDK_JAVA_OPTIONS", users);

        String value = of(user, folder).get("JDK_JAVA_OPTIONS");

        assertThat(JoinVariables.withoutAgent(value)).isEqualTo(users);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-javaagent:/opt/other.jar=join", "-Xmx1g -javaagent:x"})
    void givenOptionsWithoutOurAgent_whenItIsTakenOut_thenTheyStay(String users) {
        assertThat(JoinVariables.withoutAgent(users)).isEqualTo(users);
    }

    @Test
    void givenAnOffer_whenWritten_thenItIsReadAgain() {
        assertThat(JoinOffer.parse(OFFER.toString())).contains(OFFER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1,2", "1,2,x", "1,2,3,4", "-1,2,3", "99999999999,1,2"})
    void givenWhatIsNoOffer_whenRead_thenThereIsNone(String text) {
        assertThat(JoinOffer.parse(text)).isEmpty();
    }
}
