package dev.prefork.it.fire;

import dev.prefork.it.support.Descriptors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process has now. */
record Size(int descriptors, int threads, long rssKib) {
    static Size of(int pid) throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc", "" + pid, "status"));
        return new Size(
                Descriptors.of(pid).size(),
                (int) number(status, "Threads:"),
                number(status, "VmRSS:"));
    }

    private static long number(List<String> status, String label) {
        return status.stream()
                .filter(line -> line.startsWith(label))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }
}
