package dev.prefork.it.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.Cluster;
import dev.prefork.SchedulingPolicy;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;

/** Workers that share a port with unmodified asynchronous channels. */
@Rule("D3")
class AsynchronousIT {
    @RegisterExtension final Programs programs = new Programs();

    private Program start(String policy, Class<?> main, Object... arguments) {
        return programs.start(
                Command.java(main, arguments).with(SchedulingPolicy.VARIABLE, policy));
    }

    /**
     * Two echo workers. Each says first who it is and whom it sees; the primary disconnects the
     * worker that it is told the number of.
     */
    static final class Echo {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Serving.printEvents();
                Cluster.onOnline(worker -> Serving.say("pid", worker.id(), worker.process().pid()));
                Cluster.onDisconnect(worker -> Serving.say("disconnected", worker.id()));
                Cluster.fork();
                Cluster.fork();
                for (int id = System.in.read(); id >= 0; id = System.in.read()) {
                    if (id != '\n') {
                        Cluster.workers().get(id - '0').disconnect();
                        Serving.say("disconnecting", id - '0');
                    }
                }
                return;
            }
            AsynchronousServerSocketChannel server =
                    AsynchronousServerSocketChannel.open(group(args[0]));
            server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            server.accept(null, new Accepting(server));
            Serving.say("bound", Serving.port(server.getLocalAddress()));
        }

        private static AsynchronousChannelGroup group(String threads) throws IOException {
            return switch (threads) {
                case "default" -> null;
                case "fixed" ->
                        AsynchronousChannelGroup.withFixedThreadPool(
                                2, Executors.defaultThreadFactory());
                case "cached" ->
                        AsynchronousChannelGroup.withCachedThreadPool(
                                Executors.newCachedThreadPool(), 1);
                default -> throw new IllegalArgumentException(threads);
            };
        }
    }

    /** Accepts all connections. */
    private record Accepting(AsynchronousServerSocketChannel server)
            implements CompletionHandler<AsynchronousSocketChannel, Void> {
        @Override
        public void completed(AsynchronousSocketChannel connection, Void none) {
            server.accept(null, this);
            try {
                String who = Cluster.worker().id() + " " + connection.getRemoteAddress() + "\n";
                ByteBuffer data = ByteBuffer.allocate(1000).put(Serving.bytes(who)).flip();
                connection.write(data, data, new Echoing(connection, false));
            } catch (IOException e) {
                failed(e, null);
            }
        }

        @Override
        public void failed(Throwable failure, Void none) {
            Serving.say("failed", Cluster.worker().id(), failure);
        }
    }

    /** Writes what it has read, until the end. */
    private record Echoing(AsynchronousSocketChannel connection, boolean read)
            implements CompletionHandler<Integer, ByteBuffer> {
        @Override
        public void completed(Integer count, ByteBuffer data) {
            if (read && count < 0) {
                close();
            } else if (read) {
                connection.write(data.flip(), data, new Echoing(connection, false));
            } else if (data.hasRemaining()) {
                connection.write(data, data, this);
            } else {
                connection.read(data.clear(), data, new Echoing(connection, true));
            }
        }

        @Override
        public void failed(Throwable failure, ByteBuffer data) {
            close();
        }

        private void close() {
            try {
                connection.close();
            } catch (IOException e) {
                Serving.say("failed", Cluster.worker().id(), e);
            }
        }
    }

    /** A new connection: who serves it, after the server's view of it has been looked at. */
    private static int server(Client client) throws IOException {
        String[] words = client.readLine().split(" ", -1);
        assertThat(words[1]).isEqualTo("/127.0.0.1:" + client.localPort());
        String text = "to " + words[0];
        assertThat(client.send(text + "\n").readLine()).isEqualTo(text);
        return Integer.parseInt(words[0]);
    }

    private static int ask(int port) throws IOException {
        try (Client client = Client.connect(port)) {
            return server(client);
        }
    }

    private static void awaitBothServe(int port) {
        Set<Integer> ids = new HashSet<>();
        await().until(
                        () -> {
                            ids.add(ask(port));
                            return ids.size() == 2;
                        });
    }

    @Rule({"A2", "A4", "A5", "A8", "A14"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rr default",
                "rr fixed",
                "rr cached",
                "none default",
                "none fixed",
                "none cached"
            })
    void givenTwoWorkers_whenOneIsKilled_thenTheOtherServesTheSharedPortOn(String how)
            throws IOException {
        String[] words = how.split(" ", -1);
        Program primary = start(words[0], Echo.class, words[1]);
        int port = primary.awaitNumber("port 1");
        assertThat(primary.awaitNumbers("bound", 2)).containsExactly(port, port);
        assertThat(primary.awaitValue("listening 2")).isEqualTo("127.0.0.1 TCP4 none");
        awaitBothServe(port);
        if (words[0].equals("rr")) {
            int first = ask(port);
            assertThat(ask(port)).isEqualTo(3 - first);
            assertThat(ask(port)).isEqualTo(first);
        }

        Signals.send("KILL", primary.awaitNumber("pid 1"));
        primary.awaitLine("exit 1 signal SIGKILL");

        for (int i = 0; i < 10; i++) {
            assertThat(ask(port)).isEqualTo(2);
        }
        assertThat(primary.values("failed")).isEmpty();
    }

    @Rule("A19")
    @ParameterizedTest
    @ValueSource(strings = {"rr default", "rr cached", "none default", "none fixed"})
    void givenAnOpenConnection_whenItsWorkerDisconnects_thenTheWorkerServesItToItsEndAndNoOther(
            String how) throws IOException {
        String[] words = how.split(" ", -1);
        Program primary = start(words[0], Echo.class, words[1]);
        int port = primary.awaitNumber("port 1");
        primary.awaitNumber("port 2");
        int leaving;
        int staying;
        try (Client open = Client.connect(port)) {
            leaving = server(open);
            staying = 3 - leaving;

            primary.tell("" + leaving);
            primary.awaitLine("disconnecting " + leaving);

            awaitOnly(staying, port);
            assertThat(open.send("still\n").readLine()).isEqualTo("still");
            assertThat(primary.values("disconnected")).isEmpty();
        }
        primary.awaitLine("disconnected " + leaving);
        primary.awaitLine("exit " + leaving + " code 0");
        assertThat(ask(port)).isEqualTo(staying);
        assertThat(primary.values("failed")).isEmpty();
    }

    /** The worker may take a connection until it has heard that it is to leave. */
    private static void awaitOnly(int id, int port) {
        await().until(
                        () -> {
                            for (int i = 0; i < 10; i++) {
                                if (ask(port) != id) {
                                    return false;
                                }
                            }
                            return true;
                        });
    }
}
