package dev.prefork.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A build of ours: this one, or that of another checkout. Both run on the JDK that runs us, each
 * with nothing but its own classes.
 */
record JavaSide(String name, String classPath) implements Side {
    /** What runs here. */
    static JavaSide ofThisBuild(String name) {
        return new JavaSide(name, System.getProperty("java.class.path"));
    }

    @Override
    public List<String> command(String program, List<String> arguments) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath,
                                JavaSide.class.getPackageName() + "." + program));
        words.addAll(arguments);
        return words;
    }
}
