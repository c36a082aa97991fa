package dev.prefork.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A build of ours: this one, or that of another checkout. Both run on the JDK that runs us, each
 * with nothing but its own classes.
 *
 * @param prefork the jar that is the command
 */
record JavaSide(String name, String classPath, Path prefork) implements Side {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** As the launcher has it, but for the archive of its classes. */
    private static final List<String> OPTIONS_OF_PREFORK =
            List.of("-Xms16m", "-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /** What runs here; the command is beside what it is made of. */
    static JavaSide ofThisBuild(String name) {
        String classPath = System.getProperty("java.class.path");
        return new JavaSide(name, classPath, ours(classPath).resolveSibling("prefork.jar"));
    }

    /** The jar with the programs, which need no other. */
    private static Path ours(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator))
                .filter(entry -> entry.endsWith("prefork-bench.jar"))
                .findFirst()
                .map(Path::of)
                .orElseThrow();
    }

    @Override
    public List<String> server(String program, int port, int workers) {
        List<String> words = new ArrayList<>(List.of(JAVA));
        words.addAll(OPTIONS_OF_PREFORK);
        words.addAll(List.of("-jar", prefork.toString(), "run", "-w", "" + workers));
        words.addAll(List.of("-cp", ours(classPath).toString()));
        words.addAll(List.of(JavaSide.class.getPackageName() + "." + program, "" + port));
        return words;
    }

    @Override
    public List<String> command(String program, List<String> arguments) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                JAVA,
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath,
                                JavaSide.class.getPackageName() + "." + program));
        words.addAll(arguments);
        return words;
    }
}
