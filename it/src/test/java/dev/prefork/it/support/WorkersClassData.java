package dev.prefork.it.support;

import java.util.ArrayList;
import java.util.List;

/**
 * The class data that workers of the tests start with, made once for each jar, in the cache that
 * the variables of the tests name: theirs is the usual case, and a suite that starts a thousand
 * JVMs is done sooner.
 */
final class WorkersClassData {
    private WorkersClassData() {}

    /**
     * For workers with the options that nearly all of them have.
     *
     * @param prefork its command
     */
    static void make(List<String> prefork) {
        FirstStep.alone(
                () -> {
                    make(prefork, "-J-XX:+UseSerialGC");
                    make(prefork, "-J-XX:+UseSerialGC", "-J-Xmx64m");
                });
    }

    private static void make(List<String> prefork, String... options) {
        List<String> words = new ArrayList<>(prefork);
        words.addAll(List.of("run", "--prepare"));
        words.addAll(List.of(options));
        // Any program does: it is not run.
        words.add(Command.preforkJar().toString());
        FirstStep.run(words);
    }
}
