package dev.prefork.it.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process that a test started: its output, line by line, with that of the workers that share it,
 * and its end. Every wait has a deadline and fails with all that was printed. See {@link Programs}.
 */
public final class Program {
    /** Far more than anything takes on a busy machine. */
    static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Command command;
    private final Process process;
    private final List<String> lines = new ArrayList<>(); // guarded by this
    private boolean outputEnded; // guarded by this

    Program(Command command, String mark) {
        this.command = command;
        ProcessBuilder builder = new ProcessBuilder(command.words()).redirectErrorStream(true);
        builder.environment().putAll(command.environment());
        builder.environment().put(Marked.VARIABLE, mark);
        try {
            this.process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().name("output of " + process.pid()).daemon().start(this::collect);
    }

    private void collect() {
        try (BufferedReader output = process.inputReader(UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (this) {
                    lines.add(line);
                    notifyAll();
                }
            }
        } catch (IOException e) {
            // Closed by Programs, or the last writer was killed: it ends here either way.
        }
        synchronized (this) {
            outputEnded = true;
            notifyAll();
        }
    }

    public int pid() {
        return Math.toIntExact(process.pid());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    // What it prints.

    /** All lines so far, of stdout and stderr. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** The first line that starts with something that matches; it may have been there already. */
    public String awaitLine(String regex) {
        return awaitLines(regex, 1).getFirst();
    }

    /** The first so many lines that start with something that matches. */
    public synchronized List<String> awaitLines(String regex, int count) {
        Pattern pattern = Pattern.compile(regex);
        awaitUntil(() -> outputEnded || matching(pattern, count).size() == count);
        List<String> found = matching(pattern, count);
        if (found.size() < count) {
            throw new AssertionError(
                    "%d of %d lines like '%s' %s%n%s"
                            .formatted(
                                    found.size(),
                                    count,
                                    regex,
                                    outputEnded ? "when the output ended" : "after " + DEADLINE,
                                    this));
        }
        return found;
    }

    private synchronized List<String> matching(Pattern pattern, int limit) {
        return lines.stream()
                .filter(line -> pattern.matcher(line).lookingAt())
                .limit(limit)
                .toList();
    }

    /** What follows the label and a space in the first line that starts so. */
    public String awaitValue(String label) {
        return awaitValues(label, 1).getFirst();
    }

    /** As {@link #awaitValue}, of the first so many lines. */
    public List<String> awaitValues(String label, int count) {
        return valuesIn(awaitLines(Pattern.quote(label) + " ", count).stream(), label);
    }

    /** As {@link #awaitValue}, for a number such as a port or a pid. */
    public int awaitNumber(String label) {
        return Integer.parseInt(awaitValue(label));
    }

    /** As {@link #awaitValues}, for numbers. */
    public List<Integer> awaitNumbers(String label, int count) {
        return awaitValues(label, count).stream().map(Integer::valueOf).toList();
    }

    /** What follows the label and a space in all lines so far that start so. */
    public List<String> values(String label) {
        return valuesIn(lines().stream(), label);
    }

    private static List<String> valuesIn(Stream<String> lines, String label) {
        return lines.filter(line -> line.startsWith(label + " "))
                .map(line -> line.substring(label.length() + 1))
                .toList();
    }

    /** Waits for what is checked at every line, at most until the deadline. */
    private synchronized void awaitUntil(BooleanSupplier isMet) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        try {
            for (long left = DEADLINE.toMillis(); left > 0 && !isMet.getAsBoolean(); ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted\n" + this, e);
        }
    }

    // What it is told.

    /** Writes a line to its stdin, a pipe that nothing else writes to. */
    public void tell(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new AssertionError("cannot tell '" + line + "'\n" + this, e);
        }
    }

    /** Closes its stdin: nothing more is told. */
    public void tellNoMore() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new AssertionError("cannot close its stdin\n" + this, e);
        }
    }

    /** Sends it a signal, such as {@code TERM}. */
    public void signal(String name) {
        Signals.send(name, pid());
    }

    // Its end.

    /** How the process ended: its exit code, or 128 plus the number of the signal that ended it. */
    public int awaitExit() {
        try {
            if (!process.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("no exit after " + DEADLINE + "\n" + this);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted\n" + this, e);
        }
        return process.exitValue();
    }

    /**
     * As {@link #awaitExit}, and waits for the last line of it and of those that share its output.
     */
    public int awaitEnd() {
        int code = awaitExit();
        synchronized (this) {
            awaitUntil(() -> outputEnded);
            if (!outputEnded) {
                throw new AssertionError("somebody keeps the output open\n" + this);
            }
        }
        return code;
    }

    /** SIGKILL to this process alone. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    @Override
    public String toString() {
        return "%s pid=%d %s%n    %s"
                .formatted(
                        String.join(" ", command.words().subList(0, 1)),
                        pid(),
                        isAlive() ? "running" : "ended with " + process.exitValue(),
                        String.join("\n    ", lines()));
    }
}
