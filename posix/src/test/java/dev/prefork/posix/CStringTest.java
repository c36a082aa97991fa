package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CStringTest {
    private static final byte[] LATIN = {'c', 'a', 'f', (byte) 0xe9};

    @Test
    void givenAText_whenItIsTaken_thenItIsUtf8() {
        CString text = CString.of("é漢");

        assertThat(text.bytes()).hasSize(5);
        assertThat(text).hasToString("é漢").isEqualTo(CString.of(text.bytes()));
        assertThat(text).hasSameHashCodeAs(CString.of("é漢"));
    }

    @Test
    void givenBytesThatAreNotUtf8_whenTheyAreTaken_thenTheyStayWhatTheyAre() {
        CString text = CString.of(LATIN);

        assertThat(text.bytes()).isEqualTo(LATIN);
        assertThat(text).hasToString("caf\ufffd").isNotEqualTo(CString.of("caf\ufffd"));
    }

    @Test
    void givenBytes_whenTheirArrayChanges_thenTheStringDoesNot() {
        byte[] bytes = LATIN.clone();
        CString text = CString.of(bytes);

        bytes[0] = 'x';
        text.bytes()[1] = 'x';

        assertThat(text.bytes()).isEqualTo(LATIN);
    }

    @Test
    void givenNul_whenItIsTaken_thenItIsRefused() {
        assertThatThrownBy(() -> CString.of("a\0b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("NUL in a\\0b");
        assertThatThrownBy(() -> CString.of(new byte[1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void givenAVariable_whenItIsTakenApart_thenItCanBePutTogether() {
        CString variable = CString.of("A=b=c");

        int equals = variable.indexOf('=');
        CString name = variable.slice(0, equals);
        CString value = variable.slice(equals + 1, variable.length());

        assertThat(name).hasToString("A");
        assertThat(value).hasToString("b=c");
        assertThat(name.join('=', value)).isEqualTo(variable);
        assertThat(value.indexOf('A')).isNegative();
    }
}
