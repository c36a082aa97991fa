package dev.prefork.bench;

import java.io.IOException;
import java.util.List;

/** One of the two that are compared: a primary that runs the same work as the other's. */
sealed interface Side permits JavaSide, NodeSide {
    /** How it is called in what is printed. */
    String name();

    /** The words that start the program of this name; every side has one. */
    List<String> command(String program, List<String> arguments) throws IOException;

    /** Starts this side's primary. Its errors are ours. */
    default Process start(String program, String... arguments) throws IOException {
        return new ProcessBuilder(command(program, List.of(arguments)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
