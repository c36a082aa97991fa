package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.Cluster;
import dev.prefork.Worker;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Descriptors;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

import javax.management.JMException;
import javax.management.ObjectName;

/** A worker that opens and closes servers all its life, such as for passive FTP. */
@Rule("F11")
class ManyListensIT {
    private static final int FEW = 200;
    private static final int MANY = Integer.getInteger("prefork.it.listens", 10_000);

    @RegisterExtension final Programs programs = new Programs();

    /** Does so many when told, and says how many objects of ours the primary then has. */
    static final class Ephemeral {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                worker.onMessage(_ -> Events.say("objects", objectsOfOurs()));
                Commands.forEach(count -> worker.send(Integer.valueOf(count)));
                worker.disconnect();
            } else {
                Worker self = Cluster.worker();
                self.onMessage(
                        message -> {
                            listen(message.as(Integer.class));
                            self.send("done");
                        });
            }
        }

        private static void listen(int count) {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            for (int i = 0; i < count; i++) {
                try (ServerSocketChannel server = ServerSocketChannel.open()) {
                    server.bind(any);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        /** Instances that are left after a collection: the JDK's diagnostic command counts them. */
        private static long objectsOfOurs() {
            try {
                String histogram =
                        (String)
                                ManagementFactory.getPlatformMBeanServer()
                                        .invoke(
                                                new ObjectName(
                                                        "com.sun.management:type=DiagnosticCommand"),
                                                "gcClassHistogram",
                                                new Object[] {new String[0]},
                                                new String[] {String[].class.getName()});
                return histogram
                        .lines()
                        .map(line -> line.strip().split("\\s+"))
                        .filter(columns -> columns.length > 3)
                        .filter(columns -> columns[3].startsWith("dev.prefork."))
                        .mapToLong(columns -> Long.parseLong(columns[1]))
                        .sum();
            } catch (JMException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @ParameterizedTest
    @Sampled(1)
    @ValueSource(strings = {"rr", "none"})
    void givenALongLivedWorker_whenItListensAndClosesAgainAndAgain_thenThePrimaryKeepsNothing(
            String policy) {
        Program primary =
                programs.start(
                        Command.java(Ephemeral.class).with("NODE_CLUSTER_SCHED_POLICY", policy));
        primary.tell("" + FEW);
        int few = primary.awaitNumber("objects");
        int descriptors = Descriptors.of(primary.pid()).size();

        primary.tell("" + MANY);
        int many = primary.awaitNumbers("objects", 2).getLast();

        assertThat(many).isLessThan(few + FEW);
        await("descriptors")
                .untilAsserted(
                        () ->
                                assertThat(Descriptors.of(primary.pid()))
                                        .hasSizeLessThanOrEqualTo(descriptors));
    }
}
