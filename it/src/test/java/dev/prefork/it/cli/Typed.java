package dev.prefork.it.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Optional;

/** Says which lines it reads and what its console is, as any program with a prompt would. */
final class Typed {
    private Typed() {}

    public static void main(String[] args) throws IOException {
        Optional<Console> console = Optional.ofNullable(System.console());
        System.out.println("console " + console.filter(Console::isTerminal).isPresent());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("bye")));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println("read " + line);
        }
        System.out.println("the end");
    }
}
