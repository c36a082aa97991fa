package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class OpenFileLimitTest {
    private static final String HEAD =
            "Limit                     Soft Limit           Hard Limit           Units     ";

    @Test
    void givenANumber_whenRead_thenItIsTheSoftOne() {
        assertThat(
                        OpenFileLimit.read(
                                List.of(
                                        HEAD,
                                        "Max open files            4096                 20000      "
                                                + "          files     ")))
                .isEqualTo(4096);
    }

    @Test
    void givenNoLimit_whenRead_thenItIsTheGreatestNumber() {
        assertThat(
                        OpenFileLimit.read(
                                List.of(
                                        HEAD,
                                        "Max open files            unlimited            unlimited  "
                                                + "          files     ")))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void givenNoSuchLine_whenRead_thenItIsTheGreatestNumber() {
        assertThat(OpenFileLimit.read(List.of(HEAD, "Max open files")))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(OpenFileLimit.read(List.of())).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void givenThisProcess_whenRead_thenItHasALimit() {
        assertThat(OpenFileLimit.ofThisProcess()).isGreaterThan(100);
    }
}
