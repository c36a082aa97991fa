package dev.prefork.launch;

import dev.prefork.ClusterSettings;
import dev.prefork.net.JdkOptions;

import java.util.List;
import java.util.Optional;

/**
 * An application of jpackage: its launcher, which has the JVM in it, is started again. It takes no
 * options of the JVM for one start, so that the application must be made with those of a worker.
 *
 * @param launcher its path
 * @param arguments of the program
 */
record PackagedApplication(String launcher, List<String> arguments) {
    /** Set by the launcher. */
    private static final String PROPERTY = "jpackage.app-path";

    static Optional<PackagedApplication> ofThisProcess() {
        List<String> words = JavaCommandLine.wordsOfThisProcess();
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .filter(_ -> !words.isEmpty())
                .map(path -> new PackagedApplication(path, words.subList(1, words.size())));
    }

    /** Its launcher and its arguments are what a worker is. */
    void addTo(ClusterSettings.Builder settings) {
        settings.execPath(launcher).exec("").args(arguments);
    }

    /** Why a worker cannot be this application, if it cannot. */
    Optional<String> missing() {
        return JdkOptions.areThoseOfAWorker()
                ? Optional.empty()
                : Optional.of(
                        "this application was made by jpackage without the options of a worker,"
                                + " --java-options \""
                                + String.join(" ", WorkerJvm.optionsOfAnyLoader())
                                + "\"");
    }
}
