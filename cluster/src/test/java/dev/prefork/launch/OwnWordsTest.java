package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** SPEC F1. */
class OwnWordsTest {
    private static final NativeText UTF_8 = new NativeText(StandardCharsets.UTF_8);

    @Test
    void givenArgumentsAsMainHasThem_whenTheyAreHandedOn_thenTheyAreWhatTheyWere() {
        OwnWords words = new OwnWords(List.of("java", "Main", "caf\uDCE9", "Zürich"), UTF_8);

        assertThat(words.restore(List.of("caf\uFFFD", "Zürich", "other", "x=caf\uFFFD")))
                .containsExactly("caf\uDCE9", "Zürich", "other", "x=caf\uFFFD");
    }

    @Test
    void givenWordsThatMainCannotTellApart_whenTheyAreHandedOn_thenTheirOrderTells() {
        OwnWords words = new OwnWords(List.of("\uDCE8", "\uDCE9"), UTF_8);

        assertThat(words.restore(List.of("\uFFFD", "a", "\uFFFD", "\uFFFD")))
                .containsExactly("\uDCE8", "a", "\uDCE9", "\uDCE9");
    }

    /** LC_ALL=C: every byte of an umlaut is one. */
    @Test
    void givenALocaleOfAscii_whenUmlautsAreHandedOn_thenTheyAreWhatTheyWere() {
        NativeText ascii = new NativeText(StandardCharsets.US_ASCII);
        String word = ascii.decode("Zürich".getBytes(StandardCharsets.UTF_8));
        OwnWords words = new OwnWords(List.of(word), ascii);

        assertThat(words.restore(List.of("Z\uFFFD\uFFFDrich"))).containsExactly(word);
    }

    /** Somebody may mean it. */
    @Test
    void givenAReplacementCharacterInTheCommandLineItself_thenItStaysThat() {
        OwnWords words = new OwnWords(List.of("\uFFFD"), UTF_8);

        assertThat(words.restore(List.of("\uFFFD"))).containsExactly("\uFFFD");
    }
}
