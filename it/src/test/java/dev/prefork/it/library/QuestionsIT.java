package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.RefusedException;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** Questions and answers, broadcasts and back-pressure, between real processes. */
class QuestionsIT {
    @RegisterExtension final Programs programs = new Programs();

    private static final Duration LONG = Duration.ofSeconds(30);

    sealed interface Question {
        record Price(String item, int count) implements Question {}

        record Die() implements Question {}

        record Silence() implements Question {}
    }

    record Price(BigDecimal sum) {}

    private static Price price(Question question) {
        return switch (question) {
            case Question.Price(String item, int count) -> {
                if (item.isEmpty()) {
                    throw new RefusedException("no item");
                }
                yield new Price(new BigDecimal("0.10").multiply(BigDecimal.valueOf(count)));
            }
            case Question.Die _ -> {
                Runtime.getRuntime().halt(3);
                yield null;
            }
            case Question.Silence _ -> throw new IllegalArgumentException("not for here");
        };
    }

    private static String outcome(CompletableFuture<Price> answer) {
        return answer.handle(
                        (price, failure) ->
                                failure == null
                                        ? price.toString()
                                        : String.valueOf(failure.getCause()))
                .join();
    }

    /** The primary asks its worker, which asks the primary in turn before it answers. */
    static final class Shop {
        public static void main(String[] args) {
            if (!Cluster.isPrimary()) {
                Worker primary = Cluster.worker();
                primary.onAsk(
                        Question.class,
                        question ->
                                question instanceof Question.Silence
                                        ? new CompletableFuture<Price>()
                                        : primary.ask("tax", Integer.class, LONG)
                                                .thenApply(tax -> price(question)));
                return;
            }
            Cluster.onAsk(String.class, (worker, word) -> word.equals("tax") ? worker.id() : null);
            Worker worker = Cluster.fork();
            for (Question question :
                    List.of(
                            new Question.Price("apple", 3),
                            new Question.Price("", 3),
                            new Question.Die())) {
                System.out.println(outcome(worker.ask(question, Price.class, LONG)));
            }
            System.out.println(outcome(worker.ask("late", Price.class, LONG)));
            Worker silent = Cluster.fork();
            System.out.println(
                    outcome(
                            silent.ask(
                                    new Question.Silence(), Price.class, Duration.ofSeconds(1))));
            silent.disconnect();
        }
    }

    @Rule("C7")
    @Test
    void givenQuestionsBothWays_whenAnsweredRefusedOrNot_thenTheAskerIsToldWhich() {
        Program primary = programs.java(Shop.class);

        assertThat(primary.awaitEnd()).isZero();

        List<String> lines = primary.lines();
        String worker = "worker \\d+ \\(pid \\d+\\) ";
        assertThat(lines.get(0)).isEqualTo("Price[sum=0.30]");
        assertThat(lines.get(1)).isEqualTo("dev.prefork.RefusedException: no item");
        assertThat(lines.get(2))
                .matches(
                        "dev.prefork.DisconnectedException: "
                                + worker
                                + "disconnected before it answered");
        assertThat(lines.get(3)).isEqualTo(lines.get(2));
        assertThat(lines.get(4))
                .matches(
                        "java.util.concurrent.TimeoutException: "
                                + worker
                                + "has not answered within PT1S");
        assertThat(lines).hasSize(5);
    }

    /** A worker whose main is over before the answer comes. */
    static final class AskAndEnd {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Cluster.onAsk(String.class, (_, question) -> question + "!");
                Cluster.onExit((_, exit) -> System.out.println("worker ended with " + exit));
                Cluster.fork();
            } else {
                Worker primary = Cluster.worker();
                var _ =
                        primary.ask("heard", LONG)
                                .thenAccept(
                                        answer -> {
                                            System.out.println(answer.as(String.class));
                                            primary.disconnect();
                                        });
            }
        }
    }

    @Test
    void givenAWorkerWhoseMainIsOver_whenItIsAnswered_thenItHearsThat() {
        Program primary = programs.java(AskAndEnd.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines()).containsExactly("heard!", "worker ended with code 0");
    }

    /** Each worker counts what it is told, and sends on what all were told. */
    static final class Broadcasts {
        public static void main(String[] args) {
            if (!Cluster.isPrimary()) {
                Worker primary = Cluster.worker();
                primary.onMessage(Price.class, price -> primary.send(price.sum().toString()));
                return;
            }
            Map<Integer, String> heard = new ConcurrentHashMap<>();
            List<Worker> workers = new ArrayList<>();
            IntStream.range(0, 3).forEach(_ -> workers.add(Cluster.fork()));
            workers.forEach(worker -> worker.online().join());
            Cluster.onMessage(
                    (worker, message) -> {
                        heard.put(worker.id(), message.as(String.class));
                        if (heard.size() == workers.size() - 1) {
                            System.out.println(new TreeSet<>(heard.keySet()) + " " + heard.get(2));
                            var _ = Cluster.disconnect();
                        }
                    });
            workers.getFirst().disconnect();
            System.out.println(Cluster.broadcast(new Price(new BigDecimal("1.10"))));
        }
    }

    @Test
    void givenThreeWorkers_whenOneIsToLeave_thenABroadcastReachesTheOtherTwo() {
        Program primary = programs.java(Broadcasts.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines()).containsExactlyInAnyOrder("true", "[2, 3] 1.10");
    }

    /** Sends much to a worker that is stopped at first. */
    static final class Flood {
        private static final int MESSAGES = 3000;

        public static void main(String[] args) {
            if (!Cluster.isPrimary()) {
                Worker primary = Cluster.worker();
                int[] count = new int[1];
                primary.onMessage(
                        _ -> {
                            if (++count[0] == MESSAGES) {
                                primary.disconnect();
                            }
                        });
                return;
            }
            Worker worker = Cluster.fork();
            worker.online().join();
            worker.process().kill("SIGSTOP");
            String text = "x".repeat(10_000);
            AtomicBoolean drained = new AtomicBoolean();
            worker.onDrain(() -> drained.set(true));
            int sent = 1;
            CompletableFuture<Void> room = worker.sendAsync(text);
            for (; room.isDone(); sent++) {
                room = worker.sendAsync(text);
            }
            System.out.println("waits with less than 5 MB sent: " + (sent < 500));
            System.out.println("drained: " + drained);
            worker.process().kill("SIGCONT");
            for (; sent < MESSAGES; sent++) {
                room.join();
                room = worker.sendAsync(text);
            }
            System.out.println("worker ended with " + worker.exited().join());
            System.out.println("drained: " + drained);
            try {
                worker.sendAsync(text).join();
            } catch (CompletionException e) {
                System.out.println(e.getCause().getClass().getSimpleName());
            }
        }
    }

    @Rule("C4")
    @Test
    void givenAWorkerThatDoesNotRead_whenMuchIsSent_thenTheSenderWaitsAndNothingIsLost() {
        Program primary = programs.java(Flood.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .filteredOn(line -> !line.contains("channel closed") && !line.contains("Unsent"))
                .containsExactly(
                        "waits with less than 5 MB sent: true",
                        "drained: false",
                        "worker ended with code 0",
                        "drained: true",
                        "DisconnectedException");
    }
}
