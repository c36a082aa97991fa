package dev.prefork.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs of the machine that are asked something short. */
final class Tool {
    private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+\\S*");

    private Tool() {}

    /** Of those that are compared, and of what makes the load; without those that are missing. */
    static Map<String, String> versions() throws InterruptedException {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put(
                "jdk",
                System.getProperty("java.vm.version") + ", " + System.getProperty("java.vendor"));
        for (String program : List.of("node", "nginx", "wrk")) {
            answer(List.of(program, "-v"))
                    .map(VERSION::matcher)
                    .filter(Matcher::find)
                    .ifPresent(version -> versions.put(program, version.group()));
        }
        return versions;
    }

    /** All that it prints; empty if it cannot be started. */
    static Optional<String> answer(List<String> words) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return Optional.of(text.strip());
        } catch (IOException missing) {
            return Optional.empty();
        }
    }
}
