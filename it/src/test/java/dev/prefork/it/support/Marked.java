package dev.prefork.it.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A running process that a test caused: it has the mark of the test in its environment, however
 * many processes lie between the two.
 */
record Marked(int pid) {
    static final String VARIABLE = "PREFORK_IT_MARK";

    /** All that run; zombies have no environment and do not count. */
    static List<Marked> all(String mark) {
        String wanted = VARIABLE + "=" + mark;
        List<Marked> found = new ArrayList<>();
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (List.of(read(process.resolve("environ")).split("\0")).contains(wanted)) {
                    found.add(new Marked(Integer.parseInt(process.getFileName().toString())));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    boolean isStopped() {
        return Signals.state(directory()) == 'T';
    }

    void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private Path directory() {
        return Path.of("/proc", "" + pid);
    }

    /** Its state, command without what is long, and open descriptors. */
    @Override
    public String toString() {
        String command =
                Arrays.stream(read(directory().resolve("cmdline")).split("\0", -1))
                        .filter(word -> word.length() < 100 && !word.startsWith("-"))
                        .collect(Collectors.joining(" "));
        return "pid %d %s %s%n        %s"
                .formatted(
                        pid, Signals.state(directory()), command, String.join(" ", descriptors()));
    }

    private List<String> descriptors() {
        try (Stream<Path> entries = Files.list(directory().resolve("fd"))) {
            return entries.map(Descriptors::describe)
                    .filter(text -> !text.endsWith(".jar"))
                    .toList();
        } catch (IOException | UncheckedIOException gone) {
            return List.of();
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), UTF_8);
        } catch (IOException goneOrNotOurs) {
            return "";
        }
    }
}
