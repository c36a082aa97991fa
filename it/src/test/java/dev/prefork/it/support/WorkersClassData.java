package dev.prefork.it.support;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The class data that workers of the tests start with, made once for each jar, in the cache that
 * the variables of the tests name: theirs is the usual case, and a suite that starts a thousand
 * JVMs is done sooner.
 */
final class WorkersClassData {
    private static final long MAY_TAKE_SECONDS = 120;

    private WorkersClassData() {}

    /**
     * For workers with the options that nearly all of them have.
     *
     * @param prefork its command
     */
    static void make(List<String> prefork) {
        make(prefork, "-J-XX:+UseSerialGC");
        make(prefork, "-J-XX:+UseSerialGC", "-J-Xmx64m");
    }

    private static void make(List<String> prefork, String... options) {
        List<String> words = new ArrayList<>(prefork);
        words.addAll(List.of("run", "--prepare"));
        words.addAll(List.of(options));
        // Any program does: it is not run.
        words.add(Command.preforkJar().toString());
        try {
            Process process = new ProcessBuilder(words).inheritIO().start();
            if (!process.waitFor(MAY_TAKE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("no class data: " + words);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while class data was made", e);
        }
    }
}
