package dev.prefork.cli;

import dev.prefork.ClusterSettings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the workers of a generation are started with, from the first to the last (SPEC F13, F15):
 * the words of the command line and of the files of options that it names, the working directory
 * behind its links, and the program's files. For one thread.
 */
final class Generation implements AutoCloseable {
    /** A command line, read again. */
    interface Source {
        ProgramArguments program();

        /** Whether java reads the program, whatever its name. */
        boolean isJava();

        ClusterSettings settings(ProgramArguments program, Optional<Path> directory);
    }

    private static final String ALL_JARS = "/*";

    private final Source source;
    private final Optional<Path> directory;
    private final ProgramArguments program;

    /** By their names. */
    private final Map<String, ProgramFile> files = new HashMap<>();

    private ProgramArguments last;
    private ClusterSettings settings;

    private Generation(Source source, Optional<Path> directory) {
        this.source = source;
        this.directory = directory;
        this.program = source.program();
        this.last = program;
        this.settings = source.settings(program, directory);
    }

    /**
     * As it is at this moment.
     *
     * @param named the working directory by its links, if there are any
     * @throws UsageException when nothing can be started so
     */
    static Generation read(Source source, Optional<Path> named) {
        Generation generation = new Generation(source, named.map(Generation::behindLinks));
        generation.program.files().map(Generation::withoutStar).forEach(generation::add);
        return generation;
    }

    private static Path behindLinks(Path named) {
        try {
            return named.toRealPath();
        } catch (IOException gone) {
            throw new UsageException("the working directory " + named + " does not exist any more");
        }
    }

    private void add(String name) {
        ProgramFile.of(directory.orElse(Path.of("")), name)
                .ifPresent(file -> files.put(name, file));
    }

    private static String withoutStar(String entry) {
        return entry.endsWith(ALL_JARS)
                ? entry.substring(0, entry.length() - ALL_JARS.length())
                : entry;
    }

    /** From now on its files can be replaced, as far as java reads them. On any thread. */
    void keep() {
        if (source.isJava()) {
            for (ProgramFile file : files.values()) {
                try {
                    file.keep();
                } catch (IOException noRoom) {
                    // Then its workers come as long as nobody replaces the file.
                }
            }
        }
    }

    /** What a worker that starts now is started with. */
    ClusterSettings settings() {
        ProgramArguments now = program.with(this::asItWas);
        if (!now.equals(last)) {
            settings = source.settings(now, directory);
            last = now;
        }
        return settings;
    }

    /** The name of a file or of an entry of a class path. */
    private String asItWas(String name) {
        String plain = withoutStar(name);
        ProgramFile file = files.get(plain);
        return file == null ? name : file.asItWas() + name.substring(plain.length());
    }

    /** A sentence on what has become of the program's file. */
    Optional<String> comparedWith(Generation before) {
        String name = program.words().getFirst();
        return Optional.ofNullable(files.get(name))
                .flatMap(
                        file ->
                                Optional.ofNullable(before.files.get(name))
                                        .map(file::comparedWith));
    }

    @Override
    public void close() {
        files.values().forEach(ProgramFile::close);
    }
}
