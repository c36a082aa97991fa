package dev.prefork;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Knows of class data: archives by which a JVM starts sooner, as it maps classes that it would
 * otherwise read, check and link (java(1), -XX:SharedArchiveFile). For standalone workers.
 *
 * <p>Asked at each fork, on the thread that forks, which waits for it; an exception is the fork's.
 */
@FunctionalInterface
public interface ClassDataSource {
    /**
     * A JVM that is about to be started.
     *
     * @param java its executable
     * @param options all that it will have, wherever it reads them, but for ours
     * @param prefork where this process can read the worker's prefork.jar
     */
    record Jvm(String java, List<String> options, Path prefork) {
        public Jvm {
            options = List.copyOf(options);
        }
    }

    /**
     * What such a JVM can use.
     *
     * @param jar the prefork.jar that the archive was made with: same content, same path, same time
     * @param archive classes of the JDK and of that jar
     */
    record ClassData(Path jar, Path archive) {}

    /** Empty where there is none, or it could not be used: a JVM would refuse the JDK's own too. */
    Optional<ClassData> of(Jvm jvm);
}
