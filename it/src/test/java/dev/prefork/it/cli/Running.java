package dev.prefork.it.cli;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A {@code prefork run} that serves: its port and its workers. */
record Running(Program program, int port, List<Integer> pids) {
    private static final Pattern SERVING =
            Pattern.compile("prefork: serving 127\\.0\\.0\\.1:(\\d+) with .* pids? ([\\d ]+)");

    private static final String REQUEST =
            """
            POST / HTTP/1.1
            Host: localhost
            Connection: close
            Content-Length: 1

            """;

    /** Options of prefork, then {@link Served} with such a file that breaks it. */
    static Command served(Path broken, Object... options) {
        return command(Served.class, List.of(options), List.of(broken));
    }

    /** Options of prefork, then this program, which listens on any port, with its arguments. */
    static Command program(Class<?> main, List<String> arguments, Object... options) {
        return command(main, List.of(options), arguments);
    }

    private static Command command(Class<?> main, List<?> options, List<?> arguments) {
        List<Object> words = new ArrayList<>(List.of("run", "--ports", "0=shared"));
        words.addAll(options);
        words.addAll(
                List.of(
                        "--jvm",
                        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m",
                        "-cp",
                        classes(),
                        main.getName()));
        words.addAll(arguments);
        // A shell that has put the tests into the background has its children ignore it.
        return Command.of(
                "env",
                withDefault("INT", Command.prefork(words.toArray()).words())
                        .toArray(String[]::new));
    }

    private static List<String> withDefault(String signal, List<String> words) {
        List<String> more = new ArrayList<>(List.of("--default-signal=" + signal));
        more.addAll(words);
        return more;
    }

    /** The classes of the tests, and nothing else. */
    static Path classes() {
        try {
            return Path.of(
                    Served.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until it has said for the so manieth time that it serves. */
    static Running await(Program program, int times) {
        String line = program.awaitLines(SERVING.pattern(), times).getLast();
        MatchResult found = SERVING.matcher(line).results().findFirst().orElseThrow();
        return new Running(program, Integer.parseInt(found.group(1)), numbers(found.group(2)));
    }

    static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(" ", -1)).map(Integer::valueOf).toList();
    }

    /** The pid of the worker that answers a new connection. */
    int ask() throws IOException {
        return Integer.parseInt(Client.get(port, "/"));
    }

    /** A request that is answered after {@link #finish}. */
    Client begin() throws IOException {
        return Client.connect(port).send(REQUEST.replace("\n", "\r\n"));
    }

    /** As {@link #begin}; a worker has it already. */
    Client beginInWorker() throws IOException {
        Client request =
                Client.connect(port)
                        .send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n")
                        .send("Connection: close\r\nContent-Length: 1\r\n\r\n");
        for (String line = request.readLine(); !line.equals("\r"); ) {
            line = request.readLine();
        }
        return request;
    }

    /** The pid of the worker that the request has waited in. */
    static int finish(Client request) throws IOException {
        try (request) {
            String response = request.send("x").readToEnd();
            return Integer.parseInt(response.substring(response.indexOf("\r\n\r\n") + 4));
        }
    }
}
