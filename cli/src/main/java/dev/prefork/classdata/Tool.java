package dev.prefork.classdata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A JVM that does one thing and ends.
 *
 * @param output where it prints to
 */
record Tool(Path java, Path output) {
    /** What -Xlog writes of class data; of other things a worker may say what it always says. */
    private static final Pattern LOG_LINE =
            Pattern.compile("\\[(?:warning|error) *\\]\\[(?:cds|aot)");

    /** All others go first. */
    private static final Duration MAY_TAKE = Duration.ofMinutes(10);

    /** Returns why it has failed, in a line. */
    Optional<String> run(List<String> options, String... words) {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(options);
        command.addAll(Arrays.asList(words));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            Thread end = Thread.ofPlatform().unstarted(process::destroyForcibly);
            Runtime.getRuntime().addShutdownHook(end);
            try {
                if (!process.waitFor(MAY_TAKE.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    return Optional.of(
                            what(words)
                                    + " takes longer than "
                                    + MAY_TAKE.toMinutes()
                                    + " minutes");
                }
                return process.exitValue() == 0 ? Optional.empty() : Optional.of(lastLine(words));
            } finally {
                var _ = Runtime.getRuntime().removeShutdownHook(end);
            }
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /** The same for one that is to complain of nothing. */
    Optional<String> runQuietly(List<String> options, String... words) {
        return run(options, words).or(() -> logged(words));
    }

    private Optional<String> logged(String... words) {
        try {
            return Files.readAllLines(output).stream()
                    .filter(line -> LOG_LINE.matcher(line).find())
                    .findFirst()
                    .map(line -> what(words) + ": " + line);
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static String what(String... words) {
        return "java " + words[0];
    }

    private String lastLine(String... words) throws IOException {
        List<String> lines = Files.readAllLines(output);
        return what(words) + ": " + (lines.isEmpty() ? "failed" : lines.getLast());
    }

    /** What it has printed is of no use any more. */
    void forget() throws IOException {
        Files.deleteIfExists(output);
    }
}
