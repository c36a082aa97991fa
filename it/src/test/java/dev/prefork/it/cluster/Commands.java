package dev.prefork.it.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Scanner;
import java.util.function.Consumer;

/** What a test tells a primary on its stdin: see Program.tell. */
final class Commands {
    private Commands() {}

    /** Carries out each line, on this thread, until the test closes the pipe. */
    static void forEach(Consumer<String> action) {
        Scanner commands = new Scanner(System.in, UTF_8);
        while (commands.hasNextLine()) {
            action.accept(commands.nextLine());
        }
    }
}
