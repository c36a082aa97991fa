package dev.prefork.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The two that are compared, each as a primary that runs the same work. */
enum Side {
    OURS {
        @Override
        List<String> command(String program, List<String> arguments) {
            List<String> words =
                    new ArrayList<>(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Side.class.getPackageName() + "." + program));
            words.addAll(arguments);
            return words;
        }
    },
    NODE {
        @Override
        List<String> command(String program, List<String> arguments) throws IOException {
            List<String> words = new ArrayList<>(List.of("node", script(program).toString()));
            words.addAll(arguments);
            return words;
        }
    };

    /** Starts this side's primary; both sides have a program of this name. */
    Process start(String program, String... arguments) throws IOException {
        return new ProcessBuilder(command(program, List.of(arguments)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    abstract List<String> command(String program, List<String> arguments) throws IOException;

    private static Path script(String program) throws IOException {
        Path file = Files.createTempFile("prefork-bench-", "-" + program + ".js");
        file.toFile().deleteOnExit();
        try (InputStream source = Side.class.getResourceAsStream(program + ".js")) {
            Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
