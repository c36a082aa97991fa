package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

/** Lines of bytes get a prefix, however they come. */
class OutputPrefixTest {
    private final OutputPrefix prefix = new OutputPrefix("1 | ".getBytes(ISO_8859_1));

    private String add(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        return new String(prefix.add(bytes, bytes.length), ISO_8859_1);
    }

    private String end() {
        return new String(prefix.end(), ISO_8859_1);
    }

    @Test
    void givenLines_whenAdded_thenEachHasThePrefix() {
        assertThat(add("a\n\nb\n")).isEqualTo("1 | a\n1 | \n1 | b\n");
        assertThat(end()).isEmpty();
    }

    @Test
    void givenALineInPieces_whenItEnds_thenItIsOneLine() {
        assertThat(add("he")).isEmpty();
        assertThat(add("llo\nwor")).isEqualTo("1 | hello\n");
        assertThat(add("ld")).isEmpty();
        assertThat(end()).isEqualTo("1 | world\n");
        assertThat(end()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100_000})
    void givenAnyBytes_whenCutAnywhere_thenTheyComeAsTheyAre(int longestPiece) {
        Random random = new Random(1);
        byte[] bytes = new byte[100_000];
        random.nextBytes(bytes);
        StringBuilder out = new StringBuilder();

        for (int done = 0; done < bytes.length; ) {
            int count = Math.min(1 + random.nextInt(longestPiece), bytes.length - done);
            out.append(add(new String(bytes, done, count, ISO_8859_1)));
            done += count;
        }
        out.append(end());

        String text = new String(bytes, ISO_8859_1);
        assertThat(out.toString())
                .isEqualTo(text.replaceAll("(?s)[^\n]*\n|[^\n]+$", "1 | $0") + "\n");
    }

    @Test
    void givenALineThatDoesNotEnd_whenItIsTooLong_thenItIsBroken() {
        String half = "x".repeat(OutputPrefix.LONGEST_LINE / 2);
        assertThat(add(half)).isEmpty();

        assertThat(add(half)).isEqualTo("1 | " + half + half + "\n");
        assertThat(end()).isEmpty();
    }
}
