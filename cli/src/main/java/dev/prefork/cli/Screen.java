package dev.prefork.cli;

import dev.prefork.posix.BlockingOutput;

import picocli.CommandLine.Help.Ansi;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * This process's stdout and stderr; one {@link Sheet} where they are one file, as with {@code
 * 2>&1}. On a terminal there may be a status line below all others. Safe for any thread.
 */
final class Screen {
    /** The two streams of a process. */
    enum Stream {
        OUT("stdout", 1),
        ERR("stderr", 2);

        private final String text;
        private final int descriptor;
        private final String target;

        Stream(String text, int descriptor) {
            this.text = text;
            this.descriptor = descriptor;
            this.target = target(descriptor);
        }

        private static String target(int descriptor) {
            try {
                return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            } catch (IOException closed) {
                return "closed";
            }
        }

        private OutputStream output() {
            return isTerminal() ? new TerminalOutput(descriptor) : new BlockingOutput(descriptor);
        }

        private boolean isTerminal() {
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final Sheet out;
    private final Sheet err;

    /**
     * Of this process.
     *
     * @param complaints is told, in a sentence, that a stream does not take what is printed
     */
    Screen(Consumer<String> complaints) {
        out = sheet(Stream.OUT, complaints);
        err = Stream.OUT.target.equals(Stream.ERR.target) ? out : sheet(Stream.ERR, complaints);
    }

    private static Sheet sheet(Stream stream, Consumer<String> complaints) {
        return new Sheet(
                stream.output(),
                lost ->
                        complaints.accept(
                                "cannot write to %s (%s): what is printed there is lost, and all goes on"
                                        .formatted(stream, lost.getMessage())));
    }

    /** Whether escape sequences for colours are wanted there. */
    static boolean hasColours(Stream stream) {
        return stream.isTerminal() && Ansi.AUTO.enabled();
    }

    Sheet of(Stream stream) {
        return stream == Stream.OUT ? out : err;
    }

    /** A line on stderr. */
    void line(String text) {
        err.line(text);
    }

    /** Replaces the status line; nothing where there is no terminal. */
    void status(String text) {
        if (Stream.ERR.isTerminal()) {
            err.status(text);
        }
    }
}
