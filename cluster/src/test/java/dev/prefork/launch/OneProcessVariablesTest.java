package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ClusterSettings;
import dev.prefork.posix.CString;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** SPEC F3. */
class OneProcessVariablesTest {
    private static final String AGENT = "/proc/self/fd/4";
    private static final String JDWP = "-agentlib:jdwp=server=y,address=5005";

    private static Map<CString, CString> encoded(Map<String, String> variables) {
        return variables.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                entry -> CString.of(entry.getKey()),
                                entry -> CString.of(entry.getValue())));
    }

    private static Map<String, String> decoded(Map<CString, CString> variables) {
        Map<String, String> texts = new HashMap<>();
        variables.forEach((name, value) -> texts.put(name.toString(), value.toString()));
        return texts;
    }

    private static LaunchRequest request(Place place, String... options) {
        return new LaunchRequest(
                7, ClusterSettings.builder().execArgv(options).build(), Map.of(), place, null);
    }

    private static Map<String, String> standalone(
            LaunchRequest request, Map<String, String> environment) {
        return decoded(OneProcessVariables.standalone(request, encoded(environment), AGENT));
    }

    @Test
    void givenAgentsInAVariable_whenAWorkerIsStarted_thenOursIsTheFirstOfAll() {
        LaunchRequest request = request(Place.EMPTY_SLOT, "-javaagent:x.jar");
        String theirs = "-Xmx1g -javaagent:y.jar";

        assertThat(
                        standalone(
                                request,
                                Map.of("JAVA_TOOL_OPTIONS", theirs, "JDK_JAVA_OPTIONS", theirs)))
                .containsEntry("JAVA_TOOL_OPTIONS", "-javaagent:/proc/self/fd/4 " + theirs)
                .containsEntry("JDK_JAVA_OPTIONS", theirs);
        assertThat(
                        standalone(
                                request,
                                Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g", "JDK_JAVA_OPTIONS", theirs)))
                .containsEntry("JAVA_TOOL_OPTIONS", "-Xmx1g")
                .containsEntry("JDK_JAVA_OPTIONS", "-javaagent:/proc/self/fd/4 " + theirs);
        assertThat(standalone(request, Map.of("_JAVA_OPTIONS", theirs)))
                .isEqualTo(Map.of("_JAVA_OPTIONS", theirs));
    }

    @Test
    void givenADebugger_whenTheSlotIsEmpty_thenItHasTheSlotsAddress() {
        Map<String, String> variables =
                standalone(request(Place.EMPTY_SLOT, JDWP), Map.of("PREFORK_SLOT", "2"));

        assertThat(variables)
                .containsEntry("_JAVA_JDWP_OPTIONS", "address=5007")
                .containsEntry("PREFORK_DEBUGGER", "");
        assertThat(OneProcessVariables.waits(encoded(variables))).isFalse();
    }

    @Test
    void givenADebugger_whenAnOlderWorkerIsInTheSlot_thenItWaits() {
        Map<String, String> variables =
                standalone(
                        request(Place.OCCUPIED_SLOT, JDWP),
                        Map.of(
                                "PREFORK_SLOT",
                                "2",
                                "_JAVA_JDWP_OPTIONS",
                                "quiet=y",
                                "_JAVA_OPTIONS",
                                "-Xmx1g"));

        assertThat(variables.get("_JAVA_JDWP_OPTIONS"))
                .startsWith("quiet=y,address=5007,suspend=n,onthrow=dev.prefork.");
        assertThat(variables)
                .containsEntry("PREFORK_DEBUGGER", "5007")
                .containsEntry("_JAVA_OPTIONS", "-Xmx1g -javaagent:/proc/self/fd/4=last");
        assertThat(OneProcessVariables.waits(encoded(variables))).isTrue();
    }

    @Test
    void givenNoSlot_whenAWorkerIsStarted_thenItsDebuggerIsAsItWas() {
        assertThat(standalone(request(Place.NONE, JDWP), Map.of())).isEmpty();
    }

    @Test
    void givenVariablesThatWereKept_whenAWorkerIsStarted_thenItHasThemBack() {
        Map<CString, CString> environment =
                new HashMap<>(encoded(Map.of("JAVA_TOOL_OPTIONS", JDWP, "OTHER", "1")));

        KeptVariables.keep(environment);
        assertThat(decoded(environment))
                .containsOnlyKeys("PREFORK_KEPT_JAVA_TOOL_OPTIONS", "OTHER");
        KeptVariables.giveBack(environment);

        assertThat(decoded(environment)).isEqualTo(Map.of("JAVA_TOOL_OPTIONS", JDWP, "OTHER", "1"));
    }

    @Test
    void givenADebuggerInAVariableThatIsKept_whenASpareIsConsidered_thenItIsSeen() {
        Map<CString, CString> environment =
                new HashMap<>(encoded(Map.of("JAVA_TOOL_OPTIONS", JDWP)));

        KeptVariables.keep(environment);

        assertThat(OneProcessVariables.haveDebugger(request(Place.EMPTY_SLOT), environment))
                .isTrue();
    }

    @Test
    void givenOptionsOfTheForksOwnVariables_whenAWorkerIsStarted_thenTheyAreItsOptions() {
        ClusterSettings settings = ClusterSettings.builder().execArgv("-Xmx2g").build();

        JvmOptions options =
                JvmOptions.ofWorker(
                        settings,
                        Map.of("_JAVA_OPTIONS", "-Xmx4g"),
                        encoded(Map.of("PREFORK_KEPT_JAVA_TOOL_OPTIONS", "-Xmx1g")));

        assertThat(options.all()).containsExactly("-Xmx1g", "-Xmx2g", "-Xmx4g");
    }
}
