package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.Worker;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Messages between a primary and its workers, both ways. */
@Rule({"A15", "A25"})
class MessagesIT {
    @RegisterExtension final Programs programs = new Programs();

    /** A message as the application's own type. */
    record Notify(String cmd, int count, List<String> words, Notify inner) {}

    /** The primary sends one value after the other, and the worker sends each back. */
    static final class EveryType {
        private static final List<Object> VALUES =
                Arrays.asList(
                        Map.of("cmd", "notifyRequest"),
                        Map.of("nested", Map.of("list", List.of(1, List.of(), Map.of()))),
                        Arrays.asList(1, "two", null, true),
                        "text \"quoted\" \\ \n\r\t\u0000\u001f\u2028",
                        "zażółć € 𝄞 \uD83D\uDC69\u200D\uD83D\uDE80",
                        "",
                        0,
                        -42,
                        1L << 40,
                        BigInteger.ONE.shiftLeft(70),
                        2.5,
                        -1e-9,
                        true,
                        false,
                        null);

        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                List<Object> received = new ArrayList<>();
                worker.onMessage(
                        message -> {
                            received.add(message.value());
                            if (received.size() == VALUES.size()) {
                                VALUES.forEach(
                                        value ->
                                                Events.say(
                                                        "equal",
                                                        value,
                                                        received.indexOf(value)
                                                                == VALUES.indexOf(value)));
                                Events.say("same", received.equals(VALUES));
                                worker.disconnect();
                            }
                        });
                VALUES.forEach(worker::send);
            } else {
                Worker self = Cluster.worker();
                self.onMessage(message -> self.send(message.value()));
            }
        }
    }

    @Rule({"A3", "C5", "C7", "B1"})
    @Test
    void givenValuesOfEveryJsonType_whenTheyAreSentThereAndBack_thenTheyAreEqualAndInOrder() {
        Program primary = programs.java(EveryType.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines()).contains("same true");
    }

    /** Records, arrays and beans; each side reads what the other one sent as a record. */
    static final class Records {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                Cluster.onMessage(
                        (from, message) ->
                                Events.say("primary", from.id(), message.as(Notify.class)));
                worker.onMessage(message -> worker.disconnect());
                worker.send(new Notify("down", 1, List.of("a", "ł"), null));
                worker.send(Map.of("cmd", "map", "count", 2, "unknown", "ignored"));
                worker.send(new int[] {1, 2, 3});
                worker.send("not a record");
            } else {
                Worker self = Cluster.worker();
                AtomicInteger count = new AtomicInteger();
                self.onMessage(
                        message -> {
                            switch (count.incrementAndGet()) {
                                case 1, 2 -> Events.say("worker", message.as(Notify.class));
                                case 3 -> Events.say("array", message.as(List.class));
                                default -> {
                                    try {
                                        Events.say("never", message.as(Notify.class));
                                    } catch (IllegalArgumentException e) {
                                        Events.say("misfit", e.getMessage() != null);
                                    }
                                    Notify inner = new Notify("inner", 4, List.of(), null);
                                    self.send(new Notify("up", 3, null, inner));
                                }
                            }
                        });
            }
        }
    }

    @Rule("C7")
    @Test
    void givenRecords_whenTheyAreSent_thenTheOtherSideReadsThemAsRecords() {
        Program primary = programs.java(Records.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .containsExactly(
                        "worker Notify[cmd=down, count=1, words=[a, ł], inner=null]",
                        "worker Notify[cmd=map, count=2, words=null, inner=null]",
                        "array [1, 2, 3]",
                        "misfit true",
                        "primary 1 Notify[cmd=up, count=3, words=null, inner=Notify[cmd=inner,"
                                + " count=4, words=[], inner=null]]");
    }

    /** Large messages there and back, a small one between them. */
    static final class Large {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                List<Object> sent =
                        List.of("x".repeat(800 << 10), "small", "€𝄞ł".repeat(100_000), "last");
                List<Object> received = new ArrayList<>();
                Worker worker = Cluster.fork();
                worker.onMessage(
                        message -> {
                            received.add(message.value());
                            if (received.size() == sent.size()) {
                                Events.say("same", received.equals(sent));
                                worker.disconnect();
                            }
                        });
                sent.forEach(worker::send);
            } else {
                Worker self = Cluster.worker();
                self.onMessage(message -> self.send(message.value()));
            }
        }
    }

    @Rule("C5")
    @Test
    void givenMessagesOfHundredsOfKilobytes_whenTheyAreSentThereAndBack_thenTheyAreEqual() {
        Program primary = programs.java(Large.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines()).containsExactly("same true");
    }

    /** A worker that sends much and exits in the next statement. */
    static final class LastWords {
        static final int COUNT = 500;

        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                List<Integer> numbers = new CopyOnWriteArrayList<>();
                worker.onMessage(message -> numbers.add((Integer) message.as(List.class).get(0)));
                worker.disconnected().join();
                List<Integer> expected = IntStream.range(0, COUNT).boxed().toList();
                Events.say(worker.exited().join(), numbers.equals(expected), numbers.size());
            } else {
                String ballast = "€".repeat(1000);
                for (int i = 0; i < COUNT; i++) {
                    Cluster.worker().send(List.of(i, ballast));
                }
                System.exit(5);
            }
        }
    }

    @Rule("C5")
    @Test
    void givenMessagesSentJustBeforeExit_whenTheWorkerIsGone_thenAllHaveArrivedInOrder() {
        Program primary = programs.java(LastWords.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines()).containsExactly("code 5 true " + LastWords.COUNT);
    }

    /** Both sides listen long after the messages were sent. */
    static final class LateListeners {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Worker worker = Cluster.fork();
                worker.send("early 1");
                worker.send("early 2");
                Commands.forEach(
                        command -> {
                            worker.onMessage(message -> Events.say("primary got", message));
                            Cluster.onMessage((from, message) -> Events.say("cluster", message));
                        });
            } else {
                Worker self = Cluster.worker();
                self.send("up 1");
                self.send("up 2");
                ServerSocketChannel server = ServerSocketChannel.open();
                server.bind(null);
                server.accept().close();
                self.onMessage(message -> Events.say("worker got", message));
            }
        }
    }

    @Rule("C5")
    @Test
    void givenMessagesThatCameBeforeAnyListener_whenOneIsAdded_thenItGetsThemInOrder()
            throws IOException {
        Program primary = programs.java(LateListeners.class);
        int port = primary.awaitNumber("port 1");

        Client.read(port);
        assertThat(primary.awaitValues("worker got", 2)).containsExactly("early 1", "early 2");

        primary.tell("listen");
        assertThat(primary.awaitValues("primary got", 2)).containsExactly("up 1", "up 2");
    }

    /** Sends until it should wait, when told so; the worker counts. */
    static final class BackPressure {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Events.print();
                Worker worker = Cluster.fork();
                worker.onMessage(message -> Events.say("worker has", message));
                Commands.forEach(command -> sendUntilItShouldWait(worker));
            } else {
                Worker self = Cluster.worker();
                AtomicInteger count = new AtomicInteger();
                self.onMessage(
                        message -> {
                            count.incrementAndGet();
                            if (message.value().equals("report")) {
                                self.send(count.get());
                            }
                        });
            }
        }

        private static void sendUntilItShouldWait(Worker worker) {
            AtomicInteger written = new AtomicInteger();
            String message = "x".repeat(32 << 10);
            int sent = 1;
            while (worker.send(message, failure -> written.incrementAndGet()) && sent < 1000) {
                sent++;
            }
            int atOnce = written.get();
            Events.say("should wait after", sent, "written", atOnce);
            worker.send("report", failure -> Events.say("failure", failure, written.get()));
        }
    }

    @Rule("C4")
    @Test
    void givenAWorkerThatDoesNotRead_whenOver128KiBAreUnsent_thenSendReturnsFalseAndAllArrives() {
        Program primary = programs.java(BackPressure.class);
        int pid = primary.awaitNumber("pid 1");
        Signals.stop(pid);

        primary.tell("send");
        String result = primary.awaitValue("should wait after");
        int sent = Integer.parseInt(result.substring(0, result.indexOf(' ')));
        Signals.resume(pid);

        // Four lines of them are a few bytes more, if nothing is written yet.
        assertThat(sent).as("more than 128 KiB, of 32 KiB each").isBetween(4, 999);
        assertThat(primary.awaitValue("worker has")).isEqualTo("" + (sent + 1));
        assertThat(primary.awaitValue("failure")).isEqualTo("null " + sent);
    }

    /** Sends when the channel is closed, with and without a callback, on both sides. */
    static final class AfterClose {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                worker.onError(problem -> Events.say("error event", problem.getMessage()));
                worker.onDisconnect(
                        () -> {
                            Events.say("send", worker.send("late"));
                            Events.say(
                                    "send with callback",
                                    worker.send(
                                            "late",
                                            failure ->
                                                    Events.say(
                                                            "callback",
                                                            failure.map(Exception::getMessage))));
                        });
            } else {
                Worker self = Cluster.worker();
                self.onError(problem -> Events.say("error event in worker", problem.getMessage()));
                self.onDisconnect(() -> Events.say("send in worker", self.send("late")));
                self.disconnect();
            }
        }
    }

    @Rule({"C4", "A18"})
    @Test
    void givenAClosedChannel_whenSomethingIsSent_thenItIsRefusedByResultCallbackOrErrorEvent() {
        Program primary = programs.java(AfterClose.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .contains("send false", "send with callback false", "send in worker false");
        assertThat(primary.awaitValue("error event")).containsIgnoringCase("channel closed");
        assertThat(primary.awaitValue("callback")).containsIgnoringCase("channel closed");
    }

    /** Values that no JSON exists for; then one that does. */
    static final class Unsendable {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                worker.onMessage(message -> Events.say("received", message));
                worker.onMessage(message -> worker.disconnect());
            } else {
                refuse("function", (Runnable) () -> {});
                refuse("stream", System.in);
                List<Object> circular = new ArrayList<>();
                circular.add(circular);
                refuse("circular list", circular);
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("inner", List.of(map));
                refuse("circular map", map);
                refuse("faulty record", new Faulty("n"));
                Cluster.worker().send("good");
            }
        }

        private static void refuse(String what, Object value) {
            try {
                Cluster.worker().send(value);
                Events.say("taken", what);
            } catch (IllegalArgumentException e) {
                Events.say("refused", what + ":", e.getMessage());
            } catch (RuntimeException | StackOverflowError e) {
                Events.say("broken", what + ":", e);
            }
        }

        /** It cannot say what it is. */
        record Faulty(String name) {
            @Override
            public String name() {
                throw new IllegalStateException("broken on purpose");
            }
        }
    }

    @Rule({"C7", "E1"})
    @Test
    void givenValuesWithoutJson_whenTheyAreSent_thenTheyAreRefusedWithTheReasonAndNothingIsSent() {
        Program primary = programs.java(Unsendable.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.values("received")).containsExactly("good");
        assertThat(primary.values("taken")).isEmpty();
        assertThat(primary.values("broken")).isEmpty();
        assertThat(primary.values("refused"))
                .hasSize(5)
                .noneMatch(line -> line.endsWith("null"))
                .anyMatch(line -> line.startsWith("circular") && line.contains("circular"));
    }
}
