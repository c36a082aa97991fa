package dev.prefork.cli;

import dev.prefork.Worker;
import dev.prefork.end.LastWords;
import dev.prefork.supervise.Notice;
import dev.prefork.supervise.Status;

/** Tells a user what goes on: in sentences, between the lines of the workers. */
final class Terminal implements Driver.Onlooker {
    private final Screen screen = new Screen();
    private final Reporter reporter =
            new Reporter(
                    screen::line,
                    screen::status,
                    LastWords.ofThisProcess().handler("what prints to the terminal"));

    @Override
    public void told(Notice notice) {
        if (notice instanceof Notice.Progress progress) {
            reporter.progress(Sentences.of(progress));
        } else {
            Sentences.of(notice).forEach(reporter::say);
        }
    }

    @Override
    public void is(Status status) {
        // The notices say all that there is room for.
    }

    @Override
    public void broken(Throwable fault) {
        LastWords.ofThisProcess().say("supervision", fault);
    }

    void say(String line) {
        reporter.say(line);
    }

    WorkerOutput outputOf(Worker worker) {
        return WorkerOutput.of(worker, screen);
    }

    /** Returns when all is printed, or cannot be. */
    void close() {
        try {
            reporter.close();
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }
}
