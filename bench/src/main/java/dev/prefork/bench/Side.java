package dev.prefork.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One of the two that are compared: a primary that runs the same work as the other's. */
sealed interface Side permits JavaSide, NginxSide, NodeSide, PlainSide {
    /** How it is called in what is printed. */
    String name();

    /** The words that start the program of this name; every side has one. */
    List<String> command(String program, List<String> arguments) throws IOException;

    /**
     * The words that start a server of this name as so many workers.
     *
     * @throws IOException this side has none, or it cannot be started
     */
    default List<String> server(String program, int port, int workers) throws IOException {
        throw new IOException(name() + " has no " + program);
    }

    /** Makes, once, what the starts of such a server are faster with. */
    default void prepare(String program, int workers) throws IOException, InterruptedException {}

    /**
     * Makes, once, what forks are faster with.
     *
     * @return where it is; empty when this side has nothing of the kind
     */
    default Optional<Path> prepareForks() throws IOException, InterruptedException {
        return Optional.empty();
    }

    /** Variables of all processes of this side. */
    default Map<String, String> variables() {
        return Map.of();
    }

    /** Starts this side's primary. Its errors are ours. */
    default Process start(String program, String... arguments) throws IOException {
        return start(Map.of(), program, arguments);
    }

    /** The same, with more variables. */
    default Process start(Map<String, String> more, String program, String... arguments)
            throws IOException {
        ProcessBuilder primary =
                new ProcessBuilder(command(program, List.of(arguments)))
                        .redirectError(Redirect.INHERIT);
        primary.environment().putAll(variables());
        primary.environment().putAll(more);
        return primary.start();
    }

    /** Starts a server of this name as so many workers. Nobody reads what it prints. */
    default Process serve(String program, int port, int workers) throws IOException {
        ProcessBuilder primary =
                new ProcessBuilder(server(program, port, workers))
                        .redirectError(Redirect.DISCARD)
                        .redirectOutput(Redirect.DISCARD);
        primary.environment().putAll(variables());
        return primary.start();
    }
}
