package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What is said is printed in order, and a stream that nobody reads stops nobody. */
class ReporterTest {
    private final List<String> printed = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();

    @Test
    void givenLinesAndProgress_whenClosed_thenAllIsPrintedInOrder() throws Exception {
        List<String> shown = new CopyOnWriteArrayList<>();
        Reporter reporter = new Reporter(printed::add, shown::add, (_, fault) -> faults.add(fault));

        reporter.say("one");
        reporter.say("two");
        reporter.progress("1 of 2");
        reporter.close();

        assertThat(printed).containsExactly("one", "two");
        assertThat(shown).containsExactly("1 of 2");
    }

    @Test
    void givenAStreamThatNobodyReads_whenTooMuchIsSaid_thenTheOldestLinesAreDroppedAndCounted()
            throws Exception {
        CompletableFuture<Void> read = new CompletableFuture<>();
        BlockingQueue<String> writing = new LinkedBlockingQueue<>();
        Reporter reporter =
                new Reporter(
                        line -> {
                            writing.add(line);
                            read.join();
                            printed.add(line);
                        },
                        _ -> {},
                        (_, fault) -> faults.add(fault));
        reporter.say("first");
        assertThat(writing.poll(10, TimeUnit.SECONDS)).isEqualTo("first");

        IntStream.range(0, Reporter.MOST_LINES + 5).forEach(i -> reporter.say("line " + i));
        read.complete(null);
        reporter.close();

        assertThat(printed)
                .hasSize(Reporter.MOST_LINES + 2)
                .startsWith("first", "5 lines are missing here: nobody read them in time", "line 5")
                .endsWith("line " + (Reporter.MOST_LINES + 4));
    }

    @Test
    void givenAFaultInPrinting_whenItHappens_thenItIsTold() throws Exception {
        IllegalStateException broken = new IllegalStateException("broken");
        Reporter reporter =
                new Reporter(
                        _ -> {
                            throw broken;
                        },
                        _ -> {},
                        (_, fault) -> faults.add(fault));

        reporter.say("line");

        assertThat(faults.poll(10, TimeUnit.SECONDS)).isSameAs(broken);
    }
}
