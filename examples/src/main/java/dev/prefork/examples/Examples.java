package dev.prefork.examples;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs one example by its name; without a name, lists them all. */
public final class Examples {
    private Examples() {}

    /** An example: the name one types, what it shows, and its main method. */
    private enum Example {
        SERVER(
                "server",
                "The document's first program: one worker per CPU, all serving port 8000",
                Server::main);

        private final String name;
        private final String summary;
        private final Main main;

        Example(String name, String summary, Main main) {
            this.name = name;
            this.summary = summary;
            this.main = main;
        }

        static Optional<Example> named(String name) {
            return Arrays.stream(values()).filter(e -> e.name.equals(name)).findFirst();
        }

        static String names() {
            return Arrays.stream(values()).map(e -> e.name).collect(Collectors.joining(", "));
        }
    }

    @FunctionalInterface
    private interface Main {
        void run(String[] args) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            for (Example example : Example.values()) {
                System.out.printf("%-10s %s%n", example.name, example.summary);
            }
            return;
        }
        Optional<Example> example = Example.named(args[0]);
        if (example.isEmpty()) {
            System.err.printf(
                    "prefork: there is no example named \"%s\"; the examples are: %s%n",
                    args[0], Example.names());
            System.exit(1);
        }
        example.get().main.run(Arrays.copyOfRange(args, 1, args.length));
    }
}
