package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.cli.OutputForm.Line;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Lines of several sources in one place. */
class SheetTest {
    private final ByteArrayOutputStream place = new ByteArrayOutputStream();
    private final Sheet sheet = new Sheet(place, _ -> {});
    private final Sheet.Source one = source("1 | ");
    private final Sheet.Source two = source("2 | ");

    private static Sheet.Source source(String prefix) {
        return new Sheet.Source(new OutputPrefix(prefix.getBytes(UTF_8)));
    }

    private void write(Sheet.Source source, String text, Line then) {
        sheet.write(source, text.getBytes(UTF_8), then);
    }

    private String printed() {
        return place.toString(UTF_8);
    }

    @Test
    void givenALineInParts_whenNobodyElsePrints_thenItHasOnePrefix() {
        write(one, "name? ", Line.PAUSED);
        write(one, "done\n", Line.ENDED);

        assertThat(printed()).isEqualTo("1 | name? done\n");
    }

    @Test
    void givenAQuestion_whenAnotherPrints_thenItDoesOnALineOfItsOwn() {
        write(one, "name? ", Line.PAUSED);
        write(two, "two\n", Line.ENDED);
        write(one, "\n", Line.ENDED);
        write(one, "next\n", Line.ENDED);
        sheet.line("prefork: own");

        assertThat(printed()).isEqualTo("1 | name? \n2 | two\n1 | next\nprefork: own\n");
    }

    @Test
    void givenALongLineOnItsWay_whenAnotherPrints_thenItWaitsForTheEnd() throws Exception {
        write(one, "long", Line.FLOWING);
        Thread other = Thread.ofPlatform().start(() -> write(two, "two\n", Line.ENDED));
        await().until(() -> other.getState() == Thread.State.TIMED_WAITING);

        write(one, " line\n", Line.ENDED);
        other.join();

        assertThat(printed()).isEqualTo("1 | long line\n2 | two\n");
    }

    @Test
    void givenALongLineThatNeverEnds_whenAnotherPrints_thenItWaitsOnlySoLong() {
        write(one, "long", Line.FLOWING);
        write(two, "two\n", Line.ENDED);
        write(one, "er\n", Line.ENDED);

        assertThat(printed()).isEqualTo("1 | long\n2 | two\n1 | er\n");
    }

    @Test
    void givenAStatus_whenAQuestionIsShown_thenItComesBackAfterTheLine() {
        sheet.status("[1 of 2]");
        write(one, "name? ", Line.PAUSED);
        write(one, "x\n", Line.ENDED);

        assertThat(printed()).isEqualTo("\r\u001b[K[1 of 2]\r\u001b[K1 | name? x\n[1 of 2]");
    }

    @Test
    void givenAPlaceThatTakesNothing_whenPrinted_thenItIsSaidOnce() {
        List<String> said = new ArrayList<>();
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        Sheet lossy = new Sheet(full, lost -> said.add(lost.getMessage()));

        lossy.line("one");
        lossy.line("two");

        assertThat(said).containsExactly("No space left on device");
    }
}
