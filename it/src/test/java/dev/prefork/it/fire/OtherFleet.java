package dev.prefork.it.fire;

import dev.prefork.it.support.Program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Function;
import java.util.function.Predicate;

/** Workers that somebody else keeps, of a program that is one file. */
class OtherFleet extends Fleet {
    /**
     * How it is asked.
     *
     * @param reload the signal for new workers
     * @param stop the signal for an end after what is under way
     */
    record Signs(String reload, String stop) {}

    /**
     * The program.
     *
     * @param file where it is
     * @param text what is there, for each version
     */
    record Source(Path file, Function<Version, String> text) {
        void write(Version version) throws IOException {
            Path beside = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(beside, text.apply(version));
            Files.move(
                    beside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private final Signs signs;
    private final Source source;

    OtherFleet(
            Program program,
            int port,
            int size,
            Predicate<ProcessHandle> isWorker,
            Signs signs,
            Source source) {
        super(program, port, size, isWorker);
        this.signs = signs;
        this.source = source;
    }

    @Override
    void reload() {
        program().signal(signs.reload());
    }

    @Override
    void stop() {
        program().signal(signs.stop());
    }

    @Override
    void deploy(Version version) throws IOException {
        source.write(version);
    }
}
