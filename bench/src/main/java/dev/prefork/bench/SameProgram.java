package dev.prefork.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The workers of a primary: those of its children that run what it runs. */
final class SameProgram {
    private SameProgram() {}

    static List<ProcessHandle> children(ProcessHandle primary) throws IOException {
        Path runs = executable(primary);
        return primary.descendants().filter(child -> isOf(child, runs)).toList();
    }

    private static boolean isOf(ProcessHandle child, Path executable) {
        try {
            return executable(child).equals(executable);
        } catch (IOException ended) {
            return false;
        }
    }

    private static Path executable(ProcessHandle process) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", "" + process.pid(), "exe"));
    }
}
