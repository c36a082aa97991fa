package dev.prefork.wire;

import dev.prefork.ipc.Frame;
import dev.prefork.json.Json;
import dev.prefork.json.NotJsonException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What real Node put on its channels: the files of test resources {@code frames}. */
final class CapturedFrames {
    enum Version {
        NODE_12_10("node-12.10"),
        NODE_20("node-20");

        private final String folder;

        Version(String folder) {
            this.folder = folder;
        }
    }

    enum Direction {
        TO_WORKER,
        TO_PRIMARY;

        private static Direction of(String word) {
            return switch (word) {
                case "to-worker" -> TO_WORKER;
                case "to-primary" -> TO_PRIMARY;
                default -> throw new IllegalArgumentException("direction=" + word);
            };
        }
    }

    /** One line of a channel, and how many descriptors came with it. */
    record Line(
            Version version,
            String scenario,
            int worker,
            Direction direction,
            int descriptors,
            String text) {
        /** As Json reads it. */
        Object value() {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            try {
                return Json.read(bytes, 0, bytes.length);
            } catch (NotJsonException e) {
                throw new AssertionError("cannot read " + this, e);
            }
        }

        /** Of a line that is a JSON object. */
        @SuppressWarnings("unchecked") // an object read by Json has String keys
        Map<String, Object> fields() {
            return (Map<String, Object>) value();
        }

        /** Is it between the two runtimes, or a message of the application? */
        boolean isFrame() {
            return value() instanceof Map<?, ?> object
                    && object.get("cmd") instanceof String command
                    && command.matches("NODE_.+");
        }

        /** Of a line that is a frame. */
        Frame frame() {
            return new Frame(fields());
        }

        /** The fields of what a NODE_HANDLE brings, of any other line its own. */
        @SuppressWarnings("unchecked") // an object read by Json has String keys
        Map<String, Object> content() {
            Map<String, Object> content = fields();
            while ("NODE_HANDLE".equals(content.get("cmd"))) {
                content = (Map<String, Object>) content.get("msg");
            }
            return content;
        }
    }

    private static final String EXTENSION = ".frames";

    private CapturedFrames() {}

    /** Every line of every scenario of both versions. */
    static Stream<Line> all() {
        return Stream.of(Version.values())
                .flatMap(version -> scenarios(version).flatMap(name -> of(version, name)));
    }

    /** The names of a version's files, such as {@code listen-tcp-shared}, in their order. */
    static Stream<String> scenarios(Version version) {
        try (Stream<Path> files = Files.list(folder(version))) {
            List<String> names =
                    files.map(file -> file.getFileName().toString())
                            .map(name -> name.substring(0, name.length() - EXTENSION.length()))
                            .sorted()
                            .toList();
            return names.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of one scenario, in their order. */
    static Stream<Line> of(Version version, String scenario) {
        try {
            return Files.readAllLines(folder(version).resolve(scenario + EXTENSION)).stream()
                    .map(line -> line(version, scenario, line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Line line(Version version, String scenario, String line) {
        String[] parts = line.split(" ", 4);
        return new Line(
                version,
                scenario,
                Integer.parseInt(parts[0]),
                Direction.of(parts[1]),
                Integer.parseInt(parts[2]),
                parts[3]);
    }

    private static Path folder(Version version) {
        try {
            return Path.of(CapturedFrames.class.getResource("/frames/" + version.folder).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
