package dev.prefork.it.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.Subscription;
import dev.prefork.Worker;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Java counterpart of primary.js. Arguments: node's executable, its workers' script, and their
 * arguments.
 */
final class JavaPrimary {
    /** Also those that have left. */
    private static final Map<Integer, Worker> FORKED = new ConcurrentHashMap<>();

    private JavaPrimary() {}

    public static void main(String[] args) throws IOException {
        printEvents();
        Scanner orders = new Scanner(System.in, UTF_8);
        while (orders.hasNextLine()) {
            String[] words = orders.nextLine().split(" ", 3);
            if (words[0].equals("fork")) {
                fork(words[1], List.of(args));
            } else if (words[0].equals("socket")) {
                bindSocket();
            } else if (words[0].equals("end")) {
                Cluster.disconnect(() -> Lines.say("all disconnected"));
            } else {
                Worker worker = FORKED.get(Integer.valueOf(words[1]));
                order(worker, words[0], words.length > 2 ? words[2] : "");
            }
        }
    }

    private static void printEvents() {
        Cluster.onOnline(
                worker -> {
                    Lines.say("pid", worker.id(), worker.process().pid());
                    Lines.say("online", worker.id());
                });
        Cluster.onListening(
                (worker, address) -> {
                    Lines.say("port", worker.id(), address.port());
                    Lines.say(
                            "listening",
                            worker.id(),
                            address.address(),
                            address.addressType().nodeValue());
                });
        Cluster.onMessage(
                (worker, message) ->
                        Lines.say("message", worker.id(), Lines.json(message.value())));
        Cluster.onDisconnect(
                worker -> Lines.say("disconnect", worker.id(), worker.exitedAfterDisconnect()));
        Cluster.onExit(
                (worker, exit) ->
                        Lines.say("exit", worker.id(), exit, worker.exitedAfterDisconnect()));
    }

    /** Once an executable is set it stays: fork the Java workers first. */
    private static void fork(String kind, List<String> node) {
        ClusterSettings.Builder settings = ClusterSettings.builder();
        if (kind.equals("java")) {
            settings.exec(JavaWorker.class.getName()).args();
        } else {
            settings.execPath(node.get(0))
                    .execArgv()
                    .exec(node.get(1))
                    .args(node.subList(2, node.size()));
        }
        Optional.ofNullable(System.getenv("WORKERS_IN")).map(Path::of).ifPresent(settings::cwd);
        Cluster.setupPrimary(settings.build());
        Worker worker = Cluster.fork();
        FORKED.put(worker.id(), worker);
    }

    /** A socket for {@code listen({fd})}: bound, and open for as long as this process. */
    private static void bindSocket() throws IOException {
        Fd socket = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);
        Sockets.bind(socket.number(), new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        InetSocketAddress bound = (InetSocketAddress) Sockets.localAddress(socket.number());
        Lines.say("socket", socket.number(), bound.getPort());
    }

    private static void order(Worker worker, String order, String argument) {
        switch (order) {
            case "send" -> worker.send(Lines.parse(argument));
            case "big" -> big(worker, Integer.parseInt(argument));
            case "disconnect" -> worker.disconnect();
            case "kill" -> worker.kill();
            case "signal" -> worker.process().kill(argument);
            default -> throw new IllegalArgumentException(order + " " + Arrays.asList(argument));
        }
    }

    /** Comes back as it was sent? */
    private static void big(Worker worker, int count) {
        String text = "zażółć 漢字 😀 ".repeat(count);
        Subscription[] once = new Subscription[1];
        once[0] =
                worker.onMessage(
                        message -> {
                            Map<?, ?> fields = (Map<?, ?>) message.value();
                            Lines.say("big", worker.id(), text.equals(fields.get("text")));
                            once[0].close();
                        });
        worker.send(Map.of("text", text));
    }
}
