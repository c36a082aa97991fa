package dev.prefork.budget;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The memory that this process and its children may have together: that of the machine, or less
 * where a control group says so, its own or one above it. Sources: proc(5), cgroups(7).
 *
 * @param root where the file systems of the kernel are, in their usual places
 */
public record MachineMemory(Path root) {
    private static final long KILOBYTE = 1 << 10;

    /** Of this process. */
    public MachineMemory() {
        this(Path.of("/"));
    }

    /** Empty where nobody says. */
    public OptionalLong bytes() {
        return LongStream.concat(machine(), limits()).min();
    }

    /** A line {@code MemTotal: 1024 kB}. */
    private LongStream machine() {
        return lines("proc/meminfo")
                .map(line -> line.split("\\s+", -1))
                .filter(words -> words[0].equals("MemTotal:") && words.length > 1)
                .flatMap(words -> number(words[1]).stream().boxed())
                .mapToLong(kilobytes -> kilobytes * KILOBYTE);
    }

    /** Lines {@code number:controllers:path}; of version 2 of control groups there is one. */
    private LongStream limits() {
        return lines("proc/self/cgroup")
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3)
                .flatMapToLong(parts -> limits(parts[1], parts[2]));
    }

    private LongStream limits(String controllers, String path) {
        if (controllers.isEmpty()) {
            return limits("sys/fs/cgroup", path, "memory.max");
        }
        return List.of(controllers.split(",", -1)).contains("memory")
                ? limits("sys/fs/cgroup/memory", path, "memory.limit_in_bytes")
                : LongStream.empty();
    }

    /**
     * From the group up to the root of those that can be seen. In a container the path may be one
     * outside of it: then the root is the container's group.
     */
    private LongStream limits(String hierarchy, String path, String file) {
        Path top = root.resolve(hierarchy);
        Path group = top.resolve(path.substring(Math.min(1, path.length()))).normalize();
        return Stream.iterate(group, at -> at.startsWith(top), Path::getParent)
                .flatMap(at -> lines(at.resolve(file)))
                .flatMapToLong(text -> number(text).stream());
    }

    /** Empty for a word, such as max. */
    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException noLimit) {
            return OptionalLong.empty();
        }
    }

    private Stream<String> lines(String file) {
        return lines(root.resolve(file));
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException notThere) {
            return Stream.empty();
        }
    }
}
