package dev.prefork.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.json.Limits;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** SPEC C5, C8. */
class LineDecoderTest {
    private final List<String> lines = new ArrayList<>();
    private final LineDecoder decoder = new LineDecoder(Limits.SURELY_TAKEN_BYTES);

    @Test
    void givenOneReadWithSeveralLines_whenFed_thenEachIsALineInOrder() throws Exception {
        feed("one\ntwo\n\nthree\n");

        assertThat(lines).containsExactly("one", "two", "", "three");
        assertThat(decoder.pending()).isZero();
    }

    @Test
    void givenALineInPieces_whenFed_thenItIsWholeOnlyAtItsEnd() throws Exception {
        feed("be");
        feed("ginn");

        assertThat(lines).isEmpty();
        assertThat(decoder.pending()).isPositive();

        feed("ing\nnext");
        assertThat(lines).containsExactly("beginning");
        assertThat(decoder.pending()).isPositive();

        feed("\n");
        assertThat(lines).containsExactly("beginning", "next");
        assertThat(decoder.pending()).isZero();
    }

    @Test
    void givenControlCharactersInALine_whenFed_thenThatLineAloneIsNotPlain() throws Exception {
        decoder.feed(ByteBuffer.wrap("plain\n\t\nmore \u00e9 \u007f\n\r".getBytes(UTF_8)));

        assertThat(decoder.next()).isTrue();
        assertThat(decoder.isPlain()).isTrue();
        assertThat(decoder.next()).isTrue();
        assertThat(decoder.isPlain()).isFalse();
        assertThat(decoder.next()).isTrue();
        assertThat(decoder.isPlain()).isTrue();
        assertThat(decoder.next()).isFalse();

        decoder.feed(ByteBuffer.wrap("rest\n".getBytes(UTF_8)));
        assertThat(decoder.next()).isTrue();
        assertThat(decoder.isPlain()).isFalse();
    }

    @Test
    void givenSeveralLines_whenMoreIsFedBeforeAllAreTaken_thenNoneIsLost() throws Exception {
        decoder.feed(ByteBuffer.wrap("one\ntwo\nthr".getBytes(UTF_8)));
        assertThat(decoder.next()).isTrue();

        feed("ee\nfour\n");

        assertThat(lines).containsExactly("two", "three", "four");
        assertThat(decoder.pending()).isZero();
    }

    @Test
    void givenCharactersOfSeveralBytes_whenEveryReadBringsOneByte_thenTheyAreWhole()
            throws Exception {
        for (byte b : "\"zażółć 漢字 😀\"\n\"é\"\n".getBytes(UTF_8)) {
            feed(ByteBuffer.wrap(new byte[] {b}));
        }

        assertThat(lines).containsExactly("\"zażółć 漢字 😀\"", "\"é\"");
    }

    @Test
    void givenALineLongerThanTheFirstBuffer_whenFed_thenItIsWholeAndTheNextOneToo()
            throws Exception {
        String big = "x".repeat(3 << 20);

        feed(big);
        feed("\nsmall\n" + big + "\nsmall again\n");

        assertThat(lines).containsExactly(big, "small", big, "small again");
    }

    @Test
    void givenTheLongestLine_whenItComesInReadsOf64KiB_thenItIsTakenInReasonableTime()
            throws Exception {
        int length = Limits.SURELY_TAKEN_BYTES;
        ByteBuffer piece = ByteBuffer.allocate(64 << 10);

        // Moving what is there at each read takes ten times as long.
        Assertions.assertTimeout(
                Duration.ofSeconds(5),
                () -> {
                    for (int fed = 0; fed < length; fed += piece.capacity()) {
                        decoder.feed(piece.clear());
                        assertThat(decoder.next()).isFalse();
                    }
                    decoder.feed(ByteBuffer.wrap(new byte[] {'\n'}));
                });

        assertThat(decoder.next()).isTrue();
        assertThat(decoder.length()).isEqualTo(length);
        assertThat(decoder.next()).isFalse();
    }

    @Test
    void givenMoreThan64MiBWithoutALineBreak_whenFed_thenItIsRefused() throws Exception {
        ByteBuffer piece = ByteBuffer.allocate(1 << 20);
        for (int i = 0; i < 64; i++) {
            feed(piece.clear());
        }

        assertThatThrownBy(() -> feed(piece.clear()))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("no end of line in 67108864 bytes");
        assertThat(lines).isEmpty();
    }

    @Test
    void givenAHeap_thenTheLongestLineIsAPartOfItAndNoLongerThanNodesOwn() {
        assertThat(Limits.longest(64 << 20)).isEqualTo(64 << 20);
        assertThat(Limits.longest(1 << 30)).isEqualTo(128 << 20);
        assertThat(Limits.longest(1L << 40)).isEqualTo(512 << 20);
    }

    @Test
    void givenALineWithTheMarkOfBun_whenTaken_thenTheMarkIsNoPartOfIt() throws Exception {
        decoder.feed(ByteBuffer.wrap("\2{}\n\2\n3\n\n".getBytes(UTF_8)));

        assertThat(decoder.next()).isTrue();
        assertThat(new String(decoder.copy(), UTF_8)).isEqualTo("{}");
        assertThat(decoder.isMarked()).isTrue();
        assertThat(decoder.next()).isTrue();
        assertThat(decoder.length()).isZero();
        assertThat(decoder.isMarked()).isTrue();
        assertThat(decoder.next()).isTrue();
        assertThat(new String(decoder.copy(), UTF_8)).isEqualTo("3");
        assertThat(decoder.isMarked()).isFalse();
        assertThat(decoder.next()).isTrue();
        assertThat(decoder.length()).isZero();
        assertThat(decoder.isMarked()).isFalse();
    }

    private void feed(String text) throws ProtocolException {
        feed(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private void feed(ByteBuffer bytes) throws ProtocolException {
        decoder.feed(bytes);
        while (decoder.next()) {
            lines.add(new String(decoder.bytes(), decoder.offset(), decoder.length(), UTF_8));
        }
    }
}
