package dev.prefork.it.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The table docs/programs.md: whole programs, what came of them, and what to know of each. */
final class ProgramOutcomes {
    private final Map<WholeProgram, Map<String, String>> rows = new LinkedHashMap<>();

    void begin(WholeProgram program, String policy) {
        rows.computeIfAbsent(program, name -> new TreeMap<>()).put(policy, "**failed**");
    }

    void passed(WholeProgram program, String policy, int answers) {
        rows.get(program).put(policy, "ok, %,d answers".formatted(answers));
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder(head());
        for (Map.Entry<WholeProgram, Map<String, String>> row : rows.entrySet()) {
            WholeProgram program = row.getKey();
            text.append(
                    "| %s | %s | %s | %s | %s |\n"
                            .formatted(
                                    program.name(),
                                    program.versionNumber(),
                                    row.getValue().getOrDefault("rr", "–"),
                                    row.getValue().getOrDefault("none", "–"),
                                    program.note()));
        }
        Files.writeString(file, text);
    }

    private static String head() {
        return """
        # Programs: published by others, unmodified, as two workers on one port

        Each is started with `prefork run -w 2 --policy POLICY`, on Java %s. Under the load of %d clients, each with a connection for
        three requests at a time, one worker is killed (SIGKILL; no more than its own connections are lost, and no connection is
        refused), then all is reloaded three times: **0 connections refused, 0 requests failed** among the answers that the table
        counts. Then it is stopped: exit code 0, no process left, the port free. For the frameworks (Dropwizard, Javalin, Ktor,
        Micronaut, Quarkus, Spark, WebFlux) the program is the smallest of its kind, in the folder `servers/programs/`; everything
        else is run as its jar is published. This makes the table anew:

            mvn verify -Pprograms -Dprefork.update -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \\
                -Dit.test=ProgramsIT -Dfailsafe.failIfNoSpecifiedTests=false

        The last column says what several processes of the program do *not* share. Whatever a program keeps in its own memory, each
        worker has for itself; whatever it locks on disk, one worker has and the others do not get.

        | program | version | policy rr | policy none | what to know |
        |---|---|---|---|---|
        """
                .formatted(System.getProperty("java.version"), Load.CLIENTS);
    }
}
