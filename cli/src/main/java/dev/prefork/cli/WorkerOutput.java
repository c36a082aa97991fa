package dev.prefork.cli;

import dev.prefork.Worker;
import dev.prefork.keep.ClusterWorkers;

import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What a worker prints, both streams of it, on its way to the screen. */
final class WorkerOutput implements ClusterWorkers.Output {
    private final LastLines lastLines;
    private final List<WorkerStream> streams;
    private final CompletableFuture<Void> ended;

    private WorkerOutput(
            Worker worker,
            UnaryOperator<InputStream> errors,
            OutputFormat.Forms forms,
            Screen screen) {
        this.lastLines = new LastLines(worker.id() + " | ");
        // None where they are this process's own.
        this.streams =
                Stream.concat(
                                worker
                                        .process()
                                        .stdout()
                                        .map(from -> of(from, forms, Screen.Stream.OUT, screen))
                                        .stream(),
                                worker
                                        .process()
                                        .stderr()
                                        .map(errors)
                                        .map(from -> of(from, forms, Screen.Stream.ERR, screen))
                                        .stream())
                        .toList();
        this.ended =
                CompletableFuture.allOf(
                        streams.stream()
                                .map(stream -> stream.start("output of worker " + worker.id()))
                                .toArray(CompletableFuture<?>[]::new));
    }

    private WorkerStream of(
            InputStream from, OutputFormat.Forms forms, Screen.Stream stream, Screen screen) {
        return new WorkerStream(
                from,
                forms.of(stream),
                screen.of(stream),
                (bytes, length) -> lastLines.add(stream, bytes, length));
    }

    static WorkerOutput of(
            Worker worker,
            UnaryOperator<InputStream> errors,
            OutputFormat.Forms forms,
            Screen screen) {
        return new WorkerOutput(worker, errors, forms, screen);
    }

    /** Done when both streams have ended and are printed: with the worker, or with its children. */
    @Override
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /** Whether something of it is not printed yet. */
    boolean isBehind() {
        return streams.stream().anyMatch(WorkerStream::isBehind);
    }

    @Override
    public List<String> lastLines() {
        return lastLines.lines();
    }
}
