package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prefork's own JVM maps its classes, as its launcher tells it to; its workers have not that. */
@Rule("F1")
class OwnClassDataIT {
    private static final String ARCHIVE = "prefork.jsa";

    @RegisterExtension private final Programs programs = new Programs();
    @TempDir private Path folder;

    @Test
    void givenTheArchive_whenItRuns_thenItIsMappedByPreforkAlone() throws IOException {
        Running server =
                Running.await(programs.start(Running.served(folder.resolve("broken"), "-w", 1)), 1);

        assertThat(maps(server.program().pid())).contains(ARCHIVE);
        assertThat(maps(server.pids().getFirst())).doesNotContain(ARCHIVE);
    }

    private static String maps(long pid) throws IOException {
        return Files.readString(Path.of("/proc", "" + pid, "maps"));
    }
}
