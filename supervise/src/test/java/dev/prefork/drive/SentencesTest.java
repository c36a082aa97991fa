package dev.prefork.drive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.supervise.End;
import dev.prefork.supervise.Notice;
import dev.prefork.supervise.Who;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What users read. */
class SentencesTest {
    /** The JVM's own words say what is wrong, not what to do. */
    @Test
    void givenWorkersThatAnAotCacheHasEnded_whenGivenUp_thenTheWayOutIsSaid() {
        Notice.GaveUp gaveUp =
                gaveUp(
                        "Mismatched values for property jdk.module.addmods: java.instrument"
                                + " specified during runtime but not during dump time");

        assertThat(Sentences.of(gaveUp))
                .last()
                .asString()
                .startsWith(
                        "a worker has an agent: make that cache with java --add-modules"
                                + " java.instrument");
        assertThat(Sentences.of(gaveUp("another reason"))).last().isEqualTo("  another reason");
    }

    private static Notice.GaveUp gaveUp(String lastLine) {
        return new Notice.GaveUp(5, new Who(0, 1, 77), new End.Code(1), List.of(lastLine));
    }
}
