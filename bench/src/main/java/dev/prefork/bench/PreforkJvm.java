package dev.prefork.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The JVM of the command, as its launcher starts it, without the launcher's look at what must be
 * built. Source: run_jar and class_data of the script {@code prefork}.
 *
 * @param jar the command
 */
record PreforkJvm(Path jar) {
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    static final String JAVA = JDK.resolve("bin/java").toString();

    private static final List<String> OPTIONS =
            List.of("-Xms16m", "-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /** The words that start it. */
    List<String> command(List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(JAVA));
        words.addAll(OPTIONS);
        Path archive = archive();
        if (Files.isReadable(archive)) {
            words.add("-XX:SharedArchiveFile=" + archive);
            words.addAll(List.of("-Xlog:cds=off", "-Xlog:aot=off"));
        }
        words.addAll(List.of("-jar", jar.toString()));
        words.addAll(arguments);
        return words;
    }

    /** That of its classes, beside the jar, for this JDK. */
    private Path archive() throws IOException {
        Process cksum =
                new ProcessBuilder("cksum").redirectInput(JDK.resolve("release").toFile()).start();
        String sum = new String(cksum.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return jar.resolveSibling("prefork-" + sum.strip().replace(' ', '-') + ".jsa");
    }

    /** Whether {@code run} has this option: older ones take it for one of java. */
    boolean knows(String option) throws IOException, InterruptedException {
        return Tool.answer(command(List.of("run", "--help")))
                .filter(help -> help.contains(option))
                .isPresent();
    }
}
