package dev.prefork.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Memory of a primary and its workers; what is shared counts in parts (PSS of proc(5)).
 *
 * @param primaryMegabytes resident
 * @param workerMegabytes proportional, of one worker in the mean
 */
record Memory(double primaryMegabytes, double workerMegabytes) {
    private static final double KILOBYTES = 1024;

    /** Of the primary and its workers. */
    static Memory of(ProcessHandle primary) throws IOException {
        List<ProcessHandle> workers = SameProgram.children(primary);
        double all = 0;
        for (ProcessHandle worker : workers) {
            all += kilobytes(worker, "smaps_rollup", "Pss:");
        }
        return new Memory(
                kilobytes(primary, "status", "VmRSS:") / KILOBYTES,
                workers.isEmpty() ? 0 : all / workers.size() / KILOBYTES);
    }

    private static double kilobytes(ProcessHandle process, String file, String field)
            throws IOException {
        return Files.readAllLines(Path.of("/proc", "" + process.pid(), file)).stream()
                .filter(line -> line.startsWith(field))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IOException(file + " has no " + field));
    }
}
