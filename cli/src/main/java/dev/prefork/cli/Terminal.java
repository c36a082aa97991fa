package dev.prefork.cli;

import dev.prefork.Worker;
import dev.prefork.drive.Driver;
import dev.prefork.drive.Sentences;
import dev.prefork.end.LastWords;
import dev.prefork.supervise.Notice;
import dev.prefork.supervise.Status;

import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Tells a user what goes on: in sentences, between the lines of the workers. */
final class Terminal implements Driver.Onlooker {
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final OutputFormat format;
    private final Screen screen;
    private final Reporter reporter;
    private final Set<WorkerOutput> outputs = ConcurrentHashMap.newKeySet();

    Terminal(OutputFormat format) {
        this.format = format;
        this.screen = new Screen(this::say);
        this.reporter =
                new Reporter(
                        line -> screen.line(format.own(line)),
                        text -> screen.status(text.isEmpty() ? "" : format.own(text)),
                        LastWords.ofThisProcess().handler("what prints to the terminal"));
    }

    @Override
    public void told(Notice notice) {
        if (!(notice instanceof Notice.Progress progress)) {
            Sentences.of(notice).forEach(reporter::say);
        } else if (format.hasStatus()) {
            reporter.progress(Sentences.of(progress));
        }
    }

    @Override
    public void is(Status status) {
        // The notices say all that there is room for.
    }

    @Override
    public void suspend() {
        Job.stopThisProcess();
    }

    @Override
    public void broken(Throwable fault) {
        LastWords.ofThisProcess().say("supervision", fault);
    }

    void say(String line) {
        reporter.say(line);
    }

    /**
     * Prints what the worker of a slot prints.
     *
     * @param errors what is left of its stderr
     */
    WorkerOutput outputOf(Worker worker, int slot, UnaryOperator<InputStream> errors) {
        JsonLines.Printer printer =
                new JsonLines.Printer(slot, worker.id(), worker.process().pid());
        WorkerOutput output = WorkerOutput.of(worker, errors, format.of(printer), screen);
        outputs.add(output);
        var _ = output.ended().thenRun(() -> outputs.remove(output));
        return output;
    }

    /**
     * Returns when all is printed, or cannot be. What workers have left in their pipes is printed
     * for as long as the reader takes, as one of them would have waited for it.
     *
     * @param enough ends the wait
     */
    void close(CountDownLatch enough) {
        try {
            while (List.copyOf(outputs).stream().anyMatch(WorkerOutput::isBehind)
                    && !enough.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                // Its readers are slow.
            }
            reporter.close();
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }
}
