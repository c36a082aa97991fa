package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotTest {
    @Test
    void givenANumber_whenItIsRead_thenItIsTheSlot() {
        assertThat(Slot.parse("0")).isZero();
        assertThat(Slot.parse("17")).isEqualTo(17);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one", "-1", "1.5", "99999999999"})
    void givenNoNumberFrom0_whenItIsRead_thenTheSentenceNamesTheVariable(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Slot.parse(value))
                .withMessage("PREFORK_SLOT=" + value + ": a worker's slot is a number from 0");
    }

    /** The tests have no such variable. */
    @Test
    void givenNoVariable_thenTheIdSaysIt() {
        assertThat(Slot.ofThisProcess(3)).isEqualTo(2);
    }
}
