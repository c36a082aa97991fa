package dev.prefork.launch;

import dev.prefork.ForkException;
import dev.prefork.posix.Fd;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The files that bring a JVM or a Node below a wrapper to join: by their names, as such a process
 * may have lost our descriptors or be another user's. In a folder of their own for as long as this
 * process is; the {@link Guardian} removes it after a SIGKILL.
 *
 * @param folder of this process alone
 */
record JoinFiles(Path folder) {
    /** The names of all, which the guardian knows too. */
    static final String AGENT = "prefork.jar";

    static final String SCRIPT = "join.cjs";

    /**
     * Writes them.
     *
     * @param agent prefork.jar, which stays the caller's
     * @throws ForkException when there is no place for them
     */
    static JoinFiles write(Fd agent) {
        return write(Path.of(System.getProperty("java.io.tmpdir")), agent);
    }

    static JoinFiles write(Path temporary, Fd agent) {
        try {
            Path folder = Files.createTempDirectory(temporary, "prefork-");
            JoinFiles files = new JoinFiles(folder);
            try {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
                try (InputStream jar = Files.newInputStream(AgentJar.pathOf(agent.number()));
                        InputStream script = JoinFiles.class.getResourceAsStream(SCRIPT)) {
                    copy(jar, files.agent());
                    copy(script, files.script());
                }
                // The last is deleted first.
                files.all().reversed().forEach(file -> file.toFile().deleteOnExit());
                return files;
            } catch (IOException | RuntimeException | Error notWritten) {
                files.remove();
                throw notWritten;
            }
        } catch (IOException e) {
            throw new ForkException(
                    "cannot fork: the files for programs below the command cannot be written to "
                            + temporary
                            + " ("
                            + e.getMessage()
                            + "); name another folder by -Djava.io.tmpdir=FOLDER",
                    e);
        }
    }

    private static void copy(InputStream from, Path to) throws IOException {
        Files.copy(from, to);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-r--r--"));
    }

    Path agent() {
        return folder.resolve(AGENT);
    }

    Path script() {
        return folder.resolve(SCRIPT);
    }

    /** Whatever tidies the folder of temporary files may have taken them. */
    boolean areThere() {
        return Files.exists(agent()) && Files.exists(script());
    }

    private List<Path> all() {
        return List.of(agent(), script(), folder);
    }

    void remove() {
        for (Path file : all()) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // Somebody has put something into it, or has it taken away: theirs now.
            }
        }
    }
}
