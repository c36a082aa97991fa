package dev.prefork.launch;

import dev.prefork.ClusterSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is said, as Node does not, when workers are given another user and keep the group root: with
 * it they may still read and write what belongs to root's group.
 */
final class GroupWarning {
    private GroupWarning() {}

    /** For workers of this process with such settings. */
    static Optional<String> of(ClusterSettings settings) {
        if (settings.uid().isEmpty() || settings.gid().isPresent()) {
            return Optional.empty();
        }
        try {
            return of(settings, Files.readAllLines(Path.of("/proc/self/status")));
        } catch (IOException withoutProc) {
            return Optional.empty();
        }
    }

    /**
     * As {@link #of(ClusterSettings)}.
     *
     * @param status the lines of /proc/self/status; proc(5): Gid: real, effective, saved,
     *     filesystem
     */
    static Optional<String> of(ClusterSettings settings, List<String> status) {
        boolean keepsRootsGroup =
                settings.uid().orElse(0) != 0
                        && settings.gid().isEmpty()
                        && status.stream().anyMatch(line -> line.matches("Gid:\\s+\\d+\\s+0\\s.*"));
        return keepsRootsGroup
                ? Optional.of(
                        "workers have uid="
                                + settings.uid().getAsInt()
                                + " and keep gid=0, the group root; set gid as well")
                : Optional.empty();
    }
}
