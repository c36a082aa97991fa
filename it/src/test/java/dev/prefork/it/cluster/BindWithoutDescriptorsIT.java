package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.DescriptorLimit;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** A bind in a worker while it or its primary has no descriptor left: it returns or throws. */
@Rule({"E2", "F11"})
class BindWithoutDescriptorsIT {
    @RegisterExtension final Programs programs = new Programs();

    /** A worker that opens, binds and closes servers as it is told. */
    static final class Binding {
        private static final Deque<ServerSocketChannel> OPENED = new ArrayDeque<>();

        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.fork();
                Commands.forEach(what -> Cluster.workers().get(1).send(what));
            } else {
                ServerSocketChannel first = Servers.sayId(0); // Everything is loaded then.
                first.close();
                Cluster.worker().onMessage(message -> order(message.toString()));
                Events.say("ready");
            }
        }

        private static void order(String what) {
            try {
                switch (what) {
                    case "open" -> {
                        OPENED.add(ServerSocketChannel.open());
                        Events.say("opened");
                    }
                    case "bind" -> Thread.ofPlatform().name("binder").start(Binding::bind);
                    case "serve" -> Events.say("serving", Servers.port(Servers.sayId(0)));
                    default -> throw new IllegalArgumentException("order=" + what);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private static void bind() {
            try (ServerSocketChannel server = OPENED.remove()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Events.say("result bound");
            } catch (IOException e) {
                Events.say("result", e);
            }
        }
    }

    private Program started(String policy) {
        Program primary =
                programs.start(
                        Command.java(Binding.class).with("NODE_CLUSTER_SCHED_POLICY", policy));
        primary.awaitLine("ready");
        return primary;
    }

    /** Binds a server that was opened before the limit. */
    private static void bindWithin(Program primary, int limited, int free) throws Exception {
        int before = primary.values("result").size();
        primary.tell("open");
        primary.awaitLines("opened", before + 1);
        try (DescriptorLimit _ = DescriptorLimit.of(limited, free)) {
            primary.tell("bind");

            primary.awaitLines("result", before + 1);
        }
    }

    private static void assertServes(Program primary) throws IOException {
        primary.tell("serve");
        assertThat(Client.read(primary.awaitNumber("serving"))).isEqualTo("1");
        assertThat(primary.values("exit 1")).isEmpty();
        assertThat(primary.values("disconnect 1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenAWorkerWithFewDescriptors_whenItBinds_thenItIsToldAndServesWhenThereAreMore(
            String policy) throws Exception {
        Program primary = started(policy);
        int worker = primary.awaitNumber("pid 1");

        for (int free = 0; free <= 5; free++) {
            bindWithin(primary, worker, free);
        }

        assertThat(primary.values("result").getFirst()).contains("Too many open files");
        assertThat(primary.values("result").getLast()).isEqualTo("bound");
        assertServes(primary);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenAPrimaryWithFewDescriptors_whenAWorkerBinds_thenItIsToldAndServesWhenThereAreMore(
            String policy) throws Exception {
        Program primary = started(policy);

        for (int free = 0; free <= 5; free++) {
            bindWithin(primary, primary.pid(), free);
        }

        assertThat(primary.values("result").getFirst()).contains("Too many open files");
        assertThat(primary.values("result").getLast()).isEqualTo("bound");
        assertServes(primary);
    }
}
