package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Messages for which the primary has no listener yet, or never. */
@Rule({"C5", "F11"})
class UnheardMessagesIT {
    @RegisterExtension final Programs programs = new Programs();

    /** What a worker says: which of how many, and something that takes room. */
    record Numbered(int number, String text) {}

    /** A worker that sends so many messages of such a size; the primary listens when told. */
    static final class Unheard {
        /** How much may be on its way: the worker has little memory, too. */
        private static final int UNWRITTEN = 16;

        public static void main(String[] args) throws InterruptedException {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                Commands.forEach(_ -> listen(worker));
            } else {
                sendAll(Integer.parseInt(args[0]), "x".repeat(Integer.parseInt(args[1])));
            }
        }

        private static void listen(Worker worker) {
            Events.say("listening");
            worker.onMessage(
                    message -> {
                        if (message.value() instanceof Map<?, ?> numbered) {
                            Events.say("number", numbered.get("number"));
                        } else {
                            Events.say("end");
                            worker.disconnect();
                        }
                    });
            worker.send("say the end");
        }

        private static void sendAll(int count, String text) throws InterruptedException {
            Worker self = Cluster.worker();
            self.onMessage(_ -> self.send("the end"));
            Semaphore free = new Semaphore(UNWRITTEN);
            for (int i = 0; i < count; i++) {
                free.acquire();
                self.send(new Numbered(i, text), _ -> free.release());
            }
            free.acquire(UNWRITTEN);
            Events.say("sent all");
        }
    }

    /** More than the primary's heap of 128 MB; and many that are small. */
    @ParameterizedTest
    @CsvSource({"2000, 100_000", "50_000, 10"})
    void givenNoListener_whenAWorkerSendsMuch_thenTheNewestAreKeptInOrderAndOneWarningTellsOfIt(
            String count, String size) {
        int sent = Integer.parseInt(count.replace("_", ""));
        Program primary = programs.java(Unheard.class, sent, size.replace("_", ""));
        primary.awaitLine("sent all");

        primary.tell("listen");
        primary.awaitLine("end");

        List<Integer> numbers = primary.values("number").stream().map(Integer::valueOf).toList();
        assertThat(numbers).isNotEmpty().hasSizeLessThan(sent).isSorted().doesNotHaveDuplicates();
        assertThat(numbers.getLast()).isEqualTo(sent - 1);
        assertThat(numbers.getFirst()).isEqualTo(sent - numbers.size());
        assertThat(primary.lines().stream().filter(line -> line.startsWith("WARNING: ")))
                .as("said once, not for each")
                .hasSize(1);
    }
}
