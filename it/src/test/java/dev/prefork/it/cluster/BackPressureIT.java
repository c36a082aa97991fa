package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that is slower than the sender: the sender is told, and nothing piles up. */
@Rule({"C4", "F11"})
class BackPressureIT {
    private static final int KILOBYTE = 1 << 10;

    /** More than sockets and queues hold, and few enough to be over soon. */
    private static final int TOO_MANY = 20_000;

    @RegisterExtension final Programs programs = new Programs();

    /** The side that the argument names has a listener that waits until the test lets it go on. */
    static final class Slow {
        public static void main(String[] args) {
            boolean isSlow = Cluster.isPrimary() == args[0].equals("primary");
            Worker other = Cluster.isPrimary() ? Cluster.fork() : Cluster.worker();
            if (isSlow) {
                listenSlowly(other);
                other.send("ready");
            } else {
                other.onMessage(_ -> Thread.ofPlatform().name("sender").start(() -> flood(other)));
            }
        }

        private static void listenSlowly(Worker other) {
            CountDownLatch latch = new CountDownLatch(1);
            AtomicInteger count = new AtomicInteger();
            other.onMessage(
                    message -> {
                        awaitQuietly(latch);
                        if (message.toString().equals("last")) {
                            Events.say("received", count.get());
                            other.disconnect();
                        } else {
                            count.incrementAndGet();
                        }
                    });
            // The test's pipe is the primary's stdin and so, inherited, the worker's.
            Thread.ofPlatform().daemon().start(() -> Commands.forEach(_ -> latch.countDown()));
        }

        private static void awaitQuietly(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Sends until it should wait, waits until what it sent is written, and so on. */
        private static void flood(Worker other) {
            String message = "x".repeat(KILOBYTE);
            int sent = 0;
            while (sent < TOO_MANY) {
                CompletableFuture<Boolean> written = new CompletableFuture<>();
                boolean goOn = other.send(message, _ -> written.complete(true));
                sent++;
                if (!goOn && !isDone(written)) {
                    break;
                }
            }
            Events.say("sent", sent);
            other.send("last");
        }

        private static boolean isDone(CompletableFuture<Boolean> written) {
            try {
                return written.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException blocked) {
                return false;
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"primary", "worker"})
    void givenAListenerThatWaits_whenTheOtherSideFloods_thenItMustWaitAndAllArrivesLater(
            String slow) {
        Program primary = programs.java(Slow.class, slow);

        int sent = primary.awaitNumber("sent");
        primary.tell("go on");
        int received = primary.awaitNumber("received");

        // 128 KiB on each side, and a socket's buffers; Node: 224.
        assertThat(sent).isBetween(128, 2000);
        assertThat(received).isEqualTo(sent);
        assertThat(primary.awaitEnd()).isZero();
    }
}
