package dev.prefork.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where it was measured.
 *
 * @param cpu the model
 * @param memoryMegabytes of all processes together
 */
record Machine(String cpu, int processors, long memoryMegabytes, String kernel) {
    private static final long KILOBYTES = 1024;

    static Machine here() throws IOException {
        return new Machine(
                field("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", ""))
                        / KILOBYTES,
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
    }

    /** The first of this name: proc(5). */
    private static String field(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("0");
    }

    @Override
    public String toString() {
        return "%d × %s, %d MB, Linux %s".formatted(processors, cpu, memoryMegabytes, kernel);
    }
}
