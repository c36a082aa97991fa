package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** SPEC F3. */
class DebuggerTest {
    @TempDir Path folder;

    private Optional<Debugger> of(List<String> words, Map<String, String> environment) {
        return Debugger.of(
                JvmOptions.of(words, environment::get, folder),
                Optional.ofNullable(environment.get(Debugger.VARIABLE)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-agentlib:jdwp=server=y,address=5005|5007",
                "-agentlib:jdwp=transport=dt_socket,address=*:5005,server=y,suspend=y|*:5007",
                "-Xrunjdwp:server=y,address=[::1]:5005|[::1]:5007",
                "-agentpath:/x/libjdwp.so=server=y,address=h:5005|h:5007",
                "-agentlib:jdwp=server=n,address=1,server=y,address=5005|5007"
            })
    void givenOneThatListens_whenItIsASlots_thenItsPortIsTheNumberPlusTheSlot(
            String option, String own) {
        assertThat(of(List.of("-Xmx1g", option), Map.of()).orElseThrow().of(2)).hasToString(own);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-agentlib:jdwp=server=n,address=h:5005",
                "-agentlib:jdwp=address=h:5005",
                "-agentlib:jdwp=server=y,address=0",
                "-agentlib:jdwp=server=y,address=*:0",
                "-agentlib:jdwp=server=y",
                "-agentlib:other=server=y,address=5005"
            })
    void givenNoPortOfItsOwn_whenLookedFor_thenThereIsNone(String option) {
        assertThat(of(List.of(option), Map.of())).isEmpty();
    }

    @Test
    void givenTheOptionAnywhere_whenLookedFor_thenItIsFound() throws IOException {
        String option = "-agentlib:jdwp=server=y,address=5005";
        Files.writeString(folder.resolve("more"), "-Xmx1g\n'" + option + "'");

        assertThat(of(List.of("@more"), Map.of())).isPresent();
        assertThat(of(List.of("-XX:VMOptionsFile=more"), Map.of())).isPresent();
        assertThat(of(List.of(), Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g " + option))).isPresent();
        assertThat(of(List.of(), Map.of("JDK_JAVA_OPTIONS", "@more"))).isPresent();
        assertThat(of(List.of(), Map.of("_JAVA_OPTIONS", option))).isPresent();
        assertThat(of(List.of("@none", "@@more"), Map.of())).isEmpty();
        assertThat(of(List.of(option), Map.of(Debugger.VARIABLE, "address=7")))
                .hasValueSatisfying(debugger -> assertThat(debugger).hasToString("7"));
    }

    @Test
    void givenASlotBeyondTheLastPort_whenAsked_thenTheExceptionSaysWhich() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Debugger("", 65535).of(1))
                .withMessageContaining("65536");
    }
}
