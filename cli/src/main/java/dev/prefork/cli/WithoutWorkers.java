package dev.prefork.cli;

import dev.prefork.ClusterSettings;
import dev.prefork.classdata.Preparation;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** What {@code prefork run --prepare} does instead of running. */
final class WithoutWorkers {
    private static final int REFUSED = 1;

    private WithoutWorkers() {}

    /**
     * Makes class data for workers with these settings.
     *
     * @param folder of all class data
     * @param say is told in a sentence what has come of it
     * @return the exit code
     */
    static int prepare(Optional<Path> folder, ClusterSettings settings, Consumer<String> say) {
        Path place =
                folder.orElseThrow(
                        () ->
                                new UsageException(
                                        "--prepare: there is no folder for class data; name one"
                                                + " with --class-data"));
        try {
            say.accept("class data for these workers is in " + Preparation.make(place, settings));
            return 0;
        } catch (Preparation.RefusedException e) {
            say.accept("no class data for these workers: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return REFUSED;
    }
}
