package dev.prefork.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A running process that may open only so many descriptors more, until this is closed. */
public final class DescriptorLimit implements AutoCloseable {
    private final int pid;
    private final String before;

    private DescriptorLimit(int pid, String before) {
        this.pid = pid;
        this.before = before;
    }

    /**
     * The limit is a number that no new descriptor may reach: those below it that are free count.
     */
    public static DescriptorLimit of(int pid, int free) throws IOException {
        DescriptorLimit limit =
                new DescriptorLimit(
                        pid, prlimit(pid, "--output", "SOFT", "--noheadings", "--nofile"));
        Set<Integer> open = open(pid);
        int end = 0;
        for (int found = 0; found < free || open.contains(end); end++) {
            if (!open.contains(end)) {
                found++;
            }
        }
        prlimit(pid, "--nofile=" + end + ":");
        return limit;
    }

    private static Set<Integer> open(int pid) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", "" + pid, "fd"))) {
            return entries.map(entry -> Integer.valueOf(entry.getFileName().toString()))
                    .collect(Collectors.toSet());
        }
    }

    private static String prlimit(int pid, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("prlimit", "--pid", "" + pid));
        words.addAll(List.of(options));
        Process prlimit = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(prlimit.getInputStream().readAllBytes(), UTF_8).strip();
        try {
            assertThat(prlimit.waitFor()).as(output).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return output;
    }

    /** The process may open as many as before. */
    @Override
    public void close() throws IOException {
        prlimit(pid, "--nofile=" + before + ":");
    }
}
