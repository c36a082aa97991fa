package dev.prefork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class QuantileTest {
    @Test
    void theMedianIsTheMiddleOne() {
        assertThat(Quantile.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2.0);
    }

    @Test
    void ofTwoInTheMiddleTheMedianIsTheMean() {
        assertThat(Quantile.median(List.of(9.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
    }

    @Test
    void oneInAThousandIsAboveTheQuantile() {
        List<Double> thousand = IntStream.rangeClosed(1, 1000).mapToObj(i -> (double) i).toList();

        assertThat(Quantile.of(thousand, 0.999)).isEqualTo(999.0);
        assertThat(Quantile.of(thousand, 1)).isEqualTo(1000.0);
        assertThat(Quantile.of(List.of(7.0), 0.999)).isEqualTo(7.0);
    }
}
