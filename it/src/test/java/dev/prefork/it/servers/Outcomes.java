package dev.prefork.it.servers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table docs/servers.md: every server, under every policy, and what came of each check. */
final class Outcomes {
    static final List<String> CHECKS =
            List.of("requests", "kill", "reload", "conversations", "stop");

    private record Run(ServerProgram server, String policy) {}

    private final Map<Run, Map<String, String>> rows = new LinkedHashMap<>();

    /** From here on it has a row; what it had is forgotten. */
    void begin(ServerProgram server, String policy) {
        rows.put(new Run(server, policy), new LinkedHashMap<>());
    }

    void add(ServerProgram server, String policy, String check, String outcome) {
        rows.get(new Run(server, policy)).put(check, outcome);
    }

    void write(Path file, int requests) throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder(head(requests));
        for (Map.Entry<Run, Map<String, String>> row : rows.entrySet()) {
            ServerProgram server = row.getKey().server();
            List<String> cells = new ArrayList<>();
            cells.add(server.name());
            cells.add(server.versionNumber());
            cells.add(server.socket());
            cells.add(row.getKey().policy());
            CHECKS.forEach(check -> cells.add(row.getValue().getOrDefault(check, "not reached")));
            text.append("| " + String.join(" | ", cells) + " |\n");
        }
        Files.writeString(file, text);
    }

    private static String head(int requests) throws IOException, InterruptedException {
        return """
        # Servers: programs that know nothing of Prefork, as two workers on one port

        Each is a program of the folder `servers/`, started with `prefork run -w 2 --policy POLICY`. Made
        from a run of commit %s on Java %s; this makes it anew:

            mvn verify -Pservers -Dprefork.update -pl it -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \\
                -Dit.test=ServersIT -Dfailsafe.failIfNoSpecifiedTests=false

        - **requests**: %d requests, half of them over new connections, half over kept ones, from %d clients: all answered, by both
          workers, each of which sees the client's own address.
        - **kill**: SIGKILL to one worker under load. Only what is under way on its own connections is lost; another worker is
          started, and both serve.
        - **reload**: SIGHUP under load. Both workers are replaced, and no request fails.
        - **conversations**: one streaming answer after the other from each worker, over one connection, and with Jetty a WebSocket
          session with each, go on all through the reload: none is cut off. Then the old workers end. "–": the program has no streams.
        - **stop**: SIGTERM. Exit code 0, no process left, the port free again, the file of a Unix socket gone.

        What cannot be shared: whatever a program keeps in its own memory (sessions, caches, queues, in-memory databases, counters
        of limits), each worker has for itself; a lock file or a database in a file that one process opens alone, one worker has and
        the others report it. Keep such state in a store that all reach, or run with `-w 1`. [programs.md](programs.md) has a list of
        whole programs, published by others, with a sentence on each.

        | server | version | accepts with | policy | %s |
        |---|---|---|---|%s
        """
                .formatted(
                        commit(),
                        System.getProperty("java.version"),
                        requests,
                        Load.CLIENTS,
                        String.join(" | ", CHECKS),
                        "---|".repeat(CHECKS.size()));
    }

    private static String commit() throws IOException, InterruptedException {
        Process git =
                new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
                        .directory(ServerProgram.PROJECT.toFile())
                        .start();
        String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (git.waitFor() != 0) {
            throw new IOException("git rev-parse failed");
        }
        return commit.strip();
    }
}
