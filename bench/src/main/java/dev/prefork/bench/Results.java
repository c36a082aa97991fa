package dev.prefork.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What one run of {@code bench/compare} has measured, as it is kept in {@code bench/results}.
 *
 * @param time of its start, UTC, in ISO-8601
 * @param commit the full name, or {@code unknown}
 * @param dirty whether the checkout had changes that the commit has not
 * @param versions by the names of the programs
 */
record Results(
        String time,
        String commit,
        boolean dirty,
        Machine machine,
        Map<String, String> versions,
        List<Row> rows) {
    private static final Gson FORMAT =
            new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

    /** Nothing is measured yet. */
    static Results here(Checkout checkout) throws IOException, InterruptedException {
        return new Results(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                checkout.commit(),
                checkout.isDirty(),
                Machine.here(),
                Tool.versions(),
                new ArrayList<>());
    }

    String shortCommit() {
        return commit.substring(0, Math.min(commit.length(), 7));
    }

    /** In this folder, in the place of what there was of the same run. */
    Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        String name = time.replace(":", "") + "-" + shortCommit() + ".json";
        return Files.writeString(folder.resolve(name), FORMAT.toJson(this) + "\n");
    }

    static Results read(Path file) throws IOException {
        return FORMAT.fromJson(Files.readString(file), Results.class);
    }

    /** All of a folder, the newest first. */
    static List<Results> readAll(Path folder) throws IOException {
        List<Results> all = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
                for (Path file : files) {
                    all.add(read(file));
                }
            }
        }
        all.sort(Comparator.comparing(Results::time).reversed());
        return all;
    }
}
