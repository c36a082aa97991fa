package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.TypeRef;
import dev.prefork.Worker;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Messages of the application's own types, between real processes; docs/messages.md. */
@Rule("C7")
class TypedMessagesIT {
    @RegisterExtension final Programs programs = new Programs();

    record Money(BigDecimal amount, BigDecimal rate) {}

    sealed interface Job {
        record Resize(Path image, int width, Set<String> tags) implements Job {}

        record Pay(Money money, Instant at, Optional<Duration> within) implements Job {}

        record Stop() implements Job {}
    }

    record Batch(
            List<Job> jobs, SortedSet<Integer> ids, EnumMap<TimeUnit, Map<String, Long>> counts) {}

    private static final Batch BATCH =
            new Batch(
                    List.of(
                            new Job.Resize(Path.of("a/b.png"), 100, Set.of("x")),
                            new Job.Pay(
                                    new Money(
                                            new BigDecimal("12345678901234567890.123456789"),
                                            new BigDecimal("0.10")),
                                    Instant.ofEpochSecond(1, 2),
                                    Optional.empty()),
                            new Job.Stop()),
                    new TreeSet<>(Set.of(3, 1, 2)),
                    new EnumMap<>(Map.of(TimeUnit.DAYS, Map.of("n", 1L << 40))));

    /** Each side tells whether what came is what it knows, digit by digit. */
    static final class BothWays {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                Cluster.onMessage(
                        Batch.class,
                        (from, batch) -> {
                            System.out.println("primary " + BATCH.equals(batch));
                            worker.send(List.of(BATCH, BATCH));
                        });
                worker.onExit(exit -> System.out.println("worker " + exit.code().orElse(-1)));
                return;
            }
            Worker self = Cluster.worker();
            self.onMessage(
                    message -> {
                        List<Batch> both = message.as(new TypeRef<List<Batch>>() {});
                        System.exit(both.equals(List.of(BATCH, BATCH)) ? 5 : 6);
                    });
            self.send(BATCH);
        }
    }

    @Test
    void givenRecordsOfManyTypes_whenSentBothWays_thenEachArrivesAsItWas() {
        Program primary = programs.java(BothWays.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines()).containsExactly("primary true", "worker 5");
    }

    /** The value of a message with a socket is a part of what is on the wire. */
    static final class WithASocket {
        public static void main(String[] args) throws Exception {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                worker.onMessage(Money.class, money -> System.out.println(money));
                ServerSocketChannel server = ServerSocketChannel.open();
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                worker.send(
                        new Money(new BigDecimal("1.00"), new BigDecimal("0.10")),
                        SocketChannel.open(server.getLocalAddress()));
                worker.onExit(
                        exit -> {
                            try {
                                server.close();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
                return;
            }
            Worker self = Cluster.worker();
            self.onMessage(
                    message -> {
                        self.send(message.as(Money.class));
                        self.send(message); // as it came, but for the digits that a double has not
                        try {
                            message.handle(SocketChannel.class).orElseThrow().close();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        self.disconnect();
                    });
        }
    }

    @Test
    void givenAMessageWithASocket_whenItIsReadAsARecord_thenAllItsDigitsAreThere() {
        Program primary =
                programs.start(
                        Command.of(
                                Command.javaExecutable(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                WithASocket.class.getName()));

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .containsExactly("Money[amount=1.00, rate=0.10]", "Money[amount=1.0, rate=0.1]");
    }

    /** One that is no Job, among some that are. */
    static final class Misfits {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                worker.onError(error -> System.out.println("error " + error.getMessage()));
                worker.onMessage(
                        Job.class,
                        job -> {
                            System.out.println("job " + job);
                            if (job instanceof Job.Stop) {
                                worker.disconnect();
                            }
                        });
                return;
            }
            Worker self = Cluster.worker();
            self.send(Map.of("@type", "Resize", "width", "secret"));
            self.send(Map.of("width", 5, "@type", "Resize"));
            self.send(new Job.Stop());
            try {
                self.send(List.of(new Object()));
            } catch (IllegalArgumentException e) {
                System.out.println("refused " + e.getMessage());
            }
        }
    }

    @Test
    void givenAMessageThatIsNotOfTheType_whenItComes_thenItIsAnErrorAndTheOthersArrive() {
        Program primary = programs.java(Misfits.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .contains(
                        "error cannot read the message as "
                                + Job.class.getName()
                                + ": $.width: a text is no int",
                        "job Resize[image=null, width=5, tags=null]",
                        "job Stop[]",
                        "refused cannot send a java.util.ImmutableCollections$List12: there is no"
                                + " JSON for it: $[0]: a java.lang.Object is neither a record nor a"
                                + " bean");
    }

    /** Node sends back what it was sent. */
    static final class AskNode {
        public static void main(String[] args) {
            Cluster.setupPrimary(ClusterSettings.builder().execPath("node").exec(args[0]).build());
            Worker worker = Cluster.fork();
            worker.onMessage(
                    Job.class,
                    job -> {
                        System.out.println(job);
                        worker.disconnect();
                    });
            worker.send(
                    new Job.Pay(
                            new Money(new BigDecimal("0.10"), new BigDecimal("2")),
                            Instant.EPOCH,
                            Optional.of(Duration.ofSeconds(90))));
        }
    }

    @Test
    void givenARecordOfASealedType_whenNodeSendsItBack_thenItIsThatRecord()
            throws URISyntaxException {
        String script =
                Path.of(TypedMessagesIT.class.getResource("/node/typed.js").toURI()).toString();

        Program primary = programs.java(AskNode.class, script);

        assertThat(primary.awaitEnd()).isZero();
        assertThat(primary.lines())
                .containsExactly(
                        "Pay[money=Money[amount=0.1, rate=2], at=1970-01-01T00:00:00Z,"
                                + " within=Optional[PT1M30S]]");
    }
}
