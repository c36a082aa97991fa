package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SPEC F3. */
class NodeInspectorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--inspect|9231",
                "--inspect=9300|9302",
                "--inspect-brk=0.0.0.0:9300|9302",
                "--inspect-wait=[::1]:9300|9302",
                "--inspect --inspect-port=9300|9302",
                "--inspect-port=9300 --inspect|9302",
                "--inspect --debug-port=9300 --no-warnings|9302"
            })
    void givenAnInspector_whenItIsASlots_thenItsPortIsTheNumberPlusTheSlot(
            String options, int port) {
        assertThat(NodeInspector.options(options, 2, false))
                .contains(options + " --inspect-port=" + port);
        assertThat(NodeInspector.options(options, 2, true))
                .as("beside an older one")
                .contains(options + " --inspect-port=0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--no-warnings", "--inspect=0", "--inspect-port=9300"})
    void givenNone_whenItIsASlots_thenTheVariableStays(String options) {
        assertThat(NodeInspector.options(options, 2, false)).isEmpty();
    }
}
