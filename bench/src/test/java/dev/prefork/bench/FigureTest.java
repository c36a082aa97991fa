package dev.prefork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigureTest {
    @ParameterizedTest
    @CsvSource({
        "0.34, 0.34",
        "0.0012345, 0.00123",
        "0, 0",
        "1.0, 1",
        "1.9999, 2",
        "62.75, 62.8",
        "123456.7, '123,000'"
    })
    void threeDigitsAreWritten(double value, String text) {
        assertThat(Figure.of(value)).isEqualTo(text);
    }
}
