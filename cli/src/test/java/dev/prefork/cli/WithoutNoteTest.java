package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** The launcher's note of our agent is nobody's business; everything else is (SPEC F9). */
class WithoutNoteTest {
    private static final String NOTE = "NOTE: Picked up JDK_JAVA_OPTIONS: ";
    private static final String OURS = "-javaagent:/tmp/prefork-1/prefork.jar=join";

    /** What is left of writes that arrive one by one. */
    private static String read(String... writes) throws IOException {
        List<InputStream> parts =
                Stream.of(writes)
                        .map(text -> (InputStream) new ByteArrayInputStream(text.getBytes(UTF_8)))
                        .toList();
        try (InputStream all =
                new WithoutNote(new SequenceInputStream(Collections.enumeration(parts)))) {
            return new String(all.readAllBytes(), UTF_8);
        }
    }

    @Test
    void givenTheNoteOfOurs_whenRead_thenItIsNotThere() throws IOException {
        assertThat(read("before\n", NOTE + OURS, "\n", "after\n")).isEqualTo("before\nafter\n");
        assertThat(read(NOTE + OURS + "\n")).isEmpty();
        assertThat(read(NOTE + OURS)).isEmpty();
    }

    @Test
    void givenTheUsersOptionsBehindOurs_whenRead_thenTheNoteIsOfTheirs() throws IOException {
        assertThat(read(NOTE + OURS + " -Xmx1g", "\nafter")).isEqualTo(NOTE + "-Xmx1g\nafter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "no end",
                "NOTE",
                NOTE + "-Xmx1g\n",
                "x " + NOTE + OURS + "\n",
                "NOTE: Picked up JAVA_TOOL_OPTIONS: -Xmx1g\n",
                "ä\u0000ö\r\n\r"
            })
    void givenAnythingElse_whenRead_thenNoByteIsAnother(String text) throws IOException {
        assertThat(read(text)).isEqualTo(text);
        assertThat(read(text, text)).isEqualTo(text + text);
    }

    @Test
    void givenANoteThatNeverEnds_whenMoreIsReadThanIsHeld_thenItIsThere() throws IOException {
        String text = NOTE + "x".repeat(200 << 10);

        assertThat(read(text, "\n")).isEqualTo(text + "\n");
    }

    @Test
    void givenASmallArray_whenRead_thenTheRestComesNext() throws IOException {
        try (InputStream in = new WithoutNote(new ByteArrayInputStream("abc".getBytes(UTF_8)))) {
            assertThat(in.read()).isEqualTo('a');
            assertThat(in.available()).isEqualTo(2);
            assertThat(in.readNBytes(2)).containsExactly('b', 'c');
            assertThat(in.read()).isEqualTo(-1);
        }
    }
}
