package dev.prefork.classdata;

import dev.prefork.ClassDataSource.Jvm;
import dev.prefork.ClusterSettings;
import dev.prefork.launch.ClassDataJvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Class data that is made before any worker runs, for example into the image of a container. */
public final class Preparation {
    /** There is none, for the reason that the message says in a few words. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String reason) {
            super(reason);
        }
    }

    private Preparation() {}

    /**
     * Makes it, if it is not there; that takes some seconds.
     *
     * @param folder of all class data
     * @param workers the settings of those that it is for
     * @return the folder in which it is
     */
    public static Path make(Path folder, ClusterSettings workers)
            throws RefusedException, InterruptedException {
        Jvm jvm =
                ClassDataJvm.of(workers)
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                "source files and modules, and workers of another"
                                                        + " user, have none"));
        try {
            ClassDataFolder.Wish wish =
                    new ClassDataFolder(folder, _ -> {})
                            .wish(jvm)
                            .orElseThrow(
                                    () ->
                                            new RefusedException(
                                                    "their JVMs have options with which they would"
                                                            + " not use any"));
            if (wish.entry().data().isEmpty()) {
                train(wish);
            }
            if (wish.entry().data().isEmpty()) {
                throw new RefusedException(
                        "others can write to "
                                + wish.entry().folder()
                                + ", or somebody else makes some there at this moment");
            }
            return wish.entry().folder();
        } catch (IOException e) {
            throw new RefusedException("cannot be made: " + e);
        }
    }

    private static void train(ClassDataFolder.Wish wish)
            throws IOException, InterruptedException, RefusedException {
        wish.prepare();
        Optional<String> refusal = TrainingRun.start(wish).refusal();
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        }
    }
}
