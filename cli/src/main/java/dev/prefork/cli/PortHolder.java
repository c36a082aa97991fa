package dev.prefork.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process that has a port of this machine; of another user's mostly nothing is seen. Source of
 * the files' form: proc(5).
 *
 * @param command its words, or its name
 */
record PortHolder(int pid, String command) {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENS = "0A";
    private static final int MOST_OF_A_COMMAND = 100;

    // Columns of /proc/net/tcp.
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    /** Who has the port, as far as it can be seen. */
    static Optional<PortHolder> of(int port, boolean udp) {
        String suffix = ":%04X".formatted(port);
        Set<String> sockets =
                Stream.of(udp ? "udp" : "tcp", udp ? "udp6" : "tcp6")
                        .flatMap(table -> lines(PROC.resolve("net").resolve(table)))
                        .map(line -> line.strip().split("\\s+", -1))
                        .filter(row -> row.length > INODE && row[LOCAL_ADDRESS].endsWith(suffix))
                        .filter(row -> udp || row[STATE].equals(LISTENS))
                        .map(row -> "socket:[" + row[INODE] + "]")
                        .collect(Collectors.toSet());
        return sockets.isEmpty()
                ? Optional.empty()
                : entries(PROC).stream()
                        .filter(process -> process.getFileName().toString().matches("\\d+"))
                        .filter(process -> hasOneOf(process, sockets))
                        .findFirst()
                        .map(PortHolder::of);
    }

    private static PortHolder of(Path process) {
        String words = text(process.resolve("cmdline")).replace('\0', ' ').strip();
        String command = words.isEmpty() ? text(process.resolve("comm")).strip() : words;
        return new PortHolder(
                Integer.parseInt(process.getFileName().toString()),
                command.length() <= MOST_OF_A_COMMAND
                        ? command
                        : command.substring(0, MOST_OF_A_COMMAND) + " ...");
    }

    private static boolean hasOneOf(Path process, Set<String> sockets) {
        return entries(process.resolve("fd")).stream()
                .anyMatch(descriptor -> sockets.contains(target(descriptor)));
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException goneOrForbidden) {
            return "";
        }
    }

    private static List<Path> entries(Path folder) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            List<Path> all = new ArrayList<>();
            entries.forEach(all::add);
            return all;
        } catch (IOException | DirectoryIteratorException goneOrForbidden) {
            return List.of();
        }
    }

    private static Stream<String> lines(Path file) {
        return text(file).lines();
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), Charset.defaultCharset());
        } catch (IOException goneOrForbidden) {
            return "";
        }
    }

    /** Such as {@code pid 4711 (java -jar app.jar)}. */
    @Override
    public String toString() {
        return "pid " + pid + " (" + command + ")";
    }
}
