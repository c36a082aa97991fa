package dev.prefork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Optional;

class KnownJdkTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void givenAJdkThatHasAll_whenAsked_thenNothingIsSaid() {
        assertThat(KnownJdk.orAlone(Optional.empty(), stream())).isTrue();
        assertThat(said.size()).isZero();
        assertThat(KnownJdk.orAlone()).isTrue();
    }

    @Test
    void givenAJdkWithoutSomething_whenAsked_thenOneLineSaysSo() {
        assertThat(KnownJdk.orAlone(Optional.of("the Java 99 has no wheels"), stream())).isFalse();
        assertThat(said.toString(UTF_8).lines())
                .containsExactly("prefork: the Java 99 has no wheels");
    }

    private PrintStream stream() {
        return new PrintStream(said, true, UTF_8);
    }
}
