package dev.prefork.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The {@code node} on the PATH. */
record NodeSide() implements Side {
    @Override
    public String name() {
        return "node";
    }

    @Override
    public List<String> command(String program, List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("node", script(program).toString()));
        words.addAll(arguments);
        return words;
    }

    @Override
    public List<String> server(String program, int port, int workers) throws IOException {
        return command(program, List.of(String.valueOf(port), String.valueOf(workers)));
    }

    private static Path script(String program) throws IOException {
        Path file = Files.createTempFile("prefork-bench-", "-" + program + ".js");
        file.toFile().deleteOnExit();
        try (InputStream source = NodeSide.class.getResourceAsStream(program + ".js")) {
            Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
