package dev.prefork.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Worker;
import dev.prefork.end.LastWords;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Passes what a worker prints on to the screen, each line with the worker's id before it. */
final class WorkerOutput implements ClusterWorkers.Output {
    private static final List<Style> COLOURS =
            List.of(
                    Style.fg_cyan,
                    Style.fg_yellow,
                    Style.fg_green,
                    Style.fg_magenta,
                    Style.fg_blue,
                    Style.fg_red);

    private static final int CHUNK_BYTES = 16 * 1024;

    private final Screen screen;
    private final LastLines lastLines = new LastLines();
    private final CompletableFuture<Void> ended;

    private WorkerOutput(Worker worker, Screen screen) {
        this.screen = screen;
        this.ended =
                CompletableFuture.allOf(
                        copy(
                                worker.id(),
                                worker.process().stdout().orElseThrow(),
                                Screen.Stream.OUT),
                        copy(
                                worker.id(),
                                worker.process().stderr().orElseThrow(),
                                Screen.Stream.ERR));
    }

    static WorkerOutput of(Worker worker, Screen screen) {
        return new WorkerOutput(worker, screen);
    }

    /** Done when both streams have ended and are printed: with the worker, or with its children. */
    @Override
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    @Override
    public List<String> lastLines() {
        return lastLines.lines();
    }

    /** A thread for each, since a screen that nobody reads blocks it, and with it the worker. */
    private CompletableFuture<Void> copy(int id, InputStream from, Screen.Stream to) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform()
                .name("output of worker " + id)
                .daemon()
                .uncaughtExceptionHandler(
                        LastWords.ofThisProcess().handler("the output of a worker"))
                .start(
                        () -> {
                            try (from) {
                                copy(from, new OutputPrefix(prefix(id, to)), to);
                            } catch (IOException closed) {
                                // There is no more of it.
                            } finally {
                                done.complete(null);
                            }
                        });
        return done;
    }

    private void copy(InputStream from, OutputPrefix prefix, Screen.Stream to) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
            print(prefix.add(chunk, count), to);
        }
        print(prefix.end(), to);
    }

    private void print(byte[] lines, Screen.Stream to) {
        if (lines.length > 0) {
            lastLines.add(lines);
            screen.write(to, lines);
        }
    }

    private static byte[] prefix(int id, Screen.Stream to) {
        Style colour = COLOURS.get((id - 1) % COLOURS.size());
        String text = id + " | ";
        return (Screen.hasColours(to) ? colour.on() + text + Ansi.Style.reset.on() : text)
                .getBytes(UTF_8);
    }
}
