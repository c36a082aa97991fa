package dev.prefork.launch;

import dev.prefork.ClassDataSource.Jvm;
import dev.prefork.ClusterSettings;
import dev.prefork.launch.JavaCommandLine.Kind;
import dev.prefork.posix.Environment;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Which JVM class data is to be of. */
public final class ClassDataJvm {
    private ClassDataJvm() {}

    /**
     * That of a worker with these settings.
     *
     * @return empty for one that has none
     * @throws IllegalArgumentException when this program was started without prefork.jar
     */
    public static Optional<Jvm> of(ClusterSettings settings) {
        return of(settings, Map.of(), AgentJar.pathOf(AgentJar.copy().number()));
    }

    /**
     * That of such a worker.
     *
     * @param more variables that it gets beside those of this process
     * @param prefork where this process can read the worker's prefork.jar
     */
    static Optional<Jvm> of(ClusterSettings settings, Map<String, String> more, Path prefork) {
        return mayHaveSome(settings)
                ? Optional.of(
                        new Jvm(
                                WorkerJvm.javaOf(settings).toString(),
                                JvmOptions.ofWorker(settings, more, Environment.ofThisProcess())
                                        .all()
                                        .toList(),
                                prefork))
                : Optional.empty();
    }

    /**
     * A worker of another user may not be able to read it, and a JVM complains about it where the
     * modules are others than in training.
     */
    private static boolean mayHaveSome(ClusterSettings settings) {
        String exec = settings.exec().orElse("");
        return switch (Kind.of(exec, ProgramJar.in(settings.cwd(), exec))) {
            case CLASS, JAR ->
                    settings.standalone().orElse(false)
                            && settings.uid().isEmpty()
                            && settings.gid().isEmpty();
            case MODULE, SOURCE -> false;
        };
    }
}
