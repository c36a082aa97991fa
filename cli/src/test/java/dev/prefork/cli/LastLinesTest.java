package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

/** What is kept of what a worker printed. */
class LastLinesTest {
    private final LastLines lines = new LastLines("1 | ");

    private void add(Screen.Stream stream, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        lines.add(stream, bytes, bytes.length);
    }

    @Test
    void givenBothStreams_whenALineHasNoEnd_thenItIsOneAllTheSame() {
        add(Screen.Stream.OUT, "to std");
        add(Screen.Stream.OUT, "out");
        add(Screen.Stream.ERR, "the reason");

        assertThat(lines.lines()).containsExactly("1 | to stdout", "1 | the reason");
    }

    @Test
    void givenMuch_whenAsked_thenItIsTheLastOfIt() {
        IntStream.range(0, 10_000).forEach(i -> add(Screen.Stream.OUT, "line " + i + "\n"));
        add(Screen.Stream.OUT, "x".repeat(100_000) + "\nlast\n");

        assertThat(lines.lines()).last().isEqualTo("1 | last");
        assertThat(lines.lines()).allMatch(line -> line.length() < 1100).hasSizeLessThan(21);
    }
}
