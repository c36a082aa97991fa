package dev.prefork.it.handles;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.Message;
import dev.prefork.Worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Scanner;

/**
 * A primary and its worker that send each other handles. Orders on stdin: {@code give KIND} sends
 * one to the worker, {@code take KIND} has the worker send one, {@code end} ends it. Arguments: the
 * executable and the script of another worker than this program.
 */
public final class HandleProgram {
    private HandleProgram() {}

    public static void main(String[] args) throws IOException {
        if (Cluster.isWorker()) {
            Cluster.worker().onMessage(message -> received("worker", Cluster.worker(), message));
            return;
        }
        if (args.length > 0) {
            List<String> rest = Arrays.asList(args).subList(2, args.length);
            Cluster.setupPrimary(
                    ClusterSettings.builder()
                            .execPath(args[0])
                            .execArgv()
                            .exec(args[1])
                            .args(rest)
                            .build());
        }
        Worker worker = Cluster.fork();
        Sender.say("pid", worker.process().pid());
        worker.onMessage(message -> received("primary", worker, message));
        Scanner orders = new Scanner(System.in, UTF_8);
        while (orders.hasNextLine()) {
            String[] words = orders.nextLine().split(" ", 2);
            switch (words[0]) {
                case "give" -> Sender.send(worker, words[1]);
                case "take" -> worker.send(Map.of("order", words[1]));
                case "end" -> {
                    worker.disconnect();
                    return;
                }
                default -> throw new IllegalArgumentException(words[0]);
            }
        }
    }

    private static void received(String name, Worker other, Message message) {
        Map<?, ?> fields = message.as(Map.class);
        if (fields.get("order") instanceof String kind) {
            Thread.ofVirtual().start(() -> order(other, kind));
        } else if (message.handle().isPresent()) {
            Sender.say(name, "got", fields.get("kind"), "with a handle");
            Serving.serve(name, String.valueOf(fields.get("kind")), message);
        } else {
            Sender.say(name, "got", fields.get("kind"), "without a handle");
        }
    }

    private static void order(Worker other, String kind) {
        try {
            Sender.send(other, kind);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
