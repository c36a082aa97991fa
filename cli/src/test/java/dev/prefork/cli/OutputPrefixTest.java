package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Lines of bytes get a prefix, however they come. */
class OutputPrefixTest {
    private final OutputPrefix prefix = new OutputPrefix("1 | ".getBytes(ISO_8859_1));

    /** Without the prefix of the first line, which whoever prints it puts there. */
    private String add(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        return new String(prefix.add(bytes, bytes.length), ISO_8859_1);
    }

    private String end() {
        return new String(prefix.end(), ISO_8859_1);
    }

    @Test
    void givenLines_whenAdded_thenEachHasThePrefix() {
        assertThat(add("a\n\nb\n")).isEqualTo("a\n1 | \n1 | b\n");
        assertThat(end()).isEmpty();
    }

    @Test
    void givenALineInPieces_whenItEnds_thenItIsOneLine() {
        assertThat(add("he")).isEmpty();
        assertThat(add("llo\nwor")).isEqualTo("hello\n");
        assertThat(add("ld")).isEmpty();
        assertThat(end()).isEqualTo("world\n");
        assertThat(end()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100_000})
    void givenAnyBytes_whenCutAnywhere_thenTheyComeAsTheyAre(int longestPiece) {
        Random random = new Random(1);
        byte[] bytes = new byte[100_000];
        random.nextBytes(bytes);
        Sheet.Source source = new Sheet.Source(prefix);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Sheet sheet = new Sheet(out, _ -> {});

        for (int done = 0; done < bytes.length; ) {
            int count = Math.min(1 + random.nextInt(longestPiece), bytes.length - done);
            byte[] piece = Arrays.copyOfRange(bytes, done, done + count);
            sheet.write(source, prefix.add(piece, count), prefix.line());
            if (random.nextInt(5) == 0) {
                sheet.write(source, prefix.pause(), prefix.line());
            }
            done += count;
        }
        sheet.write(source, prefix.end(), prefix.line());

        String text = new String(bytes, ISO_8859_1);
        assertThat(out.toString(ISO_8859_1))
                .isEqualTo(text.replaceAll("(?s)[^\n]*\n|[^\n]+$", "1 | $0") + "\n");
    }

    @Test
    void givenALongLine_whenItHasBegun_thenItGoesOnAsItComesAndIsOneLine() {
        String half = "x".repeat(OutputPrefix.LONGEST_KEPT / 2);
        assertThat(add(half)).isEmpty();

        assertThat(add(half)).isEqualTo(half + half);
        assertThat(prefix.line()).isEqualTo(OutputForm.Line.FLOWING);
        assertThat(add("y")).isEqualTo("y");
        assertThat(add("z\nnext")).isEqualTo("z\n");
        assertThat(prefix.line()).isEqualTo(OutputForm.Line.ENDED);
        assertThat(end()).isEqualTo("next\n");
    }

    @Test
    void givenAQuestion_whenNothingFollows_thenItIsShownAndItsLineGoesOn() {
        assertThat(add("old\nname? ")).isEqualTo("old\n");
        assertThat(prefix.isUnfinished()).isTrue();

        assertThat(new String(prefix.pause(), ISO_8859_1)).isEqualTo("name? ");
        assertThat(prefix.line()).isEqualTo(OutputForm.Line.PAUSED);
        assertThat(prefix.isUnfinished()).isFalse();
        assertThat(add("done\n")).isEqualTo("done\n");
        assertThat(end()).isEmpty();
    }

    @Test
    void givenAShownQuestion_whenTheStreamEnds_thenItsLineDoes() {
        assertThat(add("name? ")).isEmpty();
        assertThat(prefix.pause()).isNotEmpty();

        assertThat(end()).isEqualTo("\n");
    }
}
