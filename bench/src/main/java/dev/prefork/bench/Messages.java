package dev.prefork.bench;

import dev.prefork.Cluster;
import dev.prefork.Message;
import dev.prefork.Worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.DoubleSupplier;

/**
 * Our side of the messages: between a primary and one worker, one at a time there and back, then as
 * many as there may be, up and down. Prints {@code begin NAME} and {@code NAME FIGURE}.
 */
public final class Messages {
    static final int ROUND_TRIPS = 20_000;
    static final int STREAM = 500_000;

    /** After as many the JIT compilers have done: it is the steady state that is measured. */
    private static final int WARM_UPS = 4;

    private static final int UNACKNOWLEDGED = 8_000;
    private static final int ACKNOWLEDGED_AT_ONCE = 1_000;
    private static final String TEXT = "thirty-two characters of a text.";

    private Messages() {}

    /** Runs in the primary and in the worker. */
    public static void main(String[] args) {
        if (Cluster.isWorker()) {
            answer(new End(Cluster.worker()));
        } else {
            ask(new End(Cluster.fork()));
        }
    }

    /** Sends to the other process, and acknowledges what comes from it. */
    private static final class End {
        final Worker other;
        private final Window window = new Window(UNACKNOWLEDGED, ACKNOWLEDGED_AT_ONCE);
        private int received;

        End(Worker other) {
            this.other = other;
        }

        void send(Object message) {
            var _ = other.send(message);
        }

        void stream() {
            window.stream(STREAM, i -> send(Map.of("n", i, "text", TEXT)));
        }

        void acknowledged() {
            window.acknowledged();
        }

        void received() {
            if (window.isToAcknowledge(++received)) {
                send("acknowledged");
            }
        }
    }

    /** One at a time: whoever has an answer asks the next, as Node's side does. */
    private static final class RoundTrips {
        private final End end;
        private List<Double> micros;
        private CompletableFuture<Double> median;
        private long begun;

        RoundTrips(End end) {
            this.end = end;
        }

        /** Microseconds, the middle one. */
        double median() {
            micros = new ArrayList<>();
            median = new CompletableFuture<>();
            ask();
            return median.join();
        }

        private void ask() {
            begun = System.nanoTime();
            end.send("ping");
        }

        void answered() {
            micros.add((System.nanoTime() - begun) / 1e3);
            if (micros.size() < ROUND_TRIPS) {
                ask();
            } else {
                median.complete(Quantile.median(micros));
            }
        }
    }

    private static String word(Message message) {
        return message.value() instanceof String text ? text : "";
    }

    private static void answer(End end) {
        end.other.onMessage(
                message -> {
                    switch (word(message)) {
                        case "ping" -> end.send("pong");
                        case "acknowledged" -> end.acknowledged();
                        case "stream" -> Thread.ofPlatform().start(() -> streamTo(end));
                        default -> end.received();
                    }
                });
    }

    private static void streamTo(End end) {
        end.stream();
        end.send("streamed");
    }

    private static void ask(End end) {
        Semaphore streamed = new Semaphore(0);
        RoundTrips roundTrips = new RoundTrips(end);
        end.other.onMessage(
                message -> {
                    switch (word(message)) {
                        case "pong" -> roundTrips.answered();
                        case "streamed" -> streamed.release();
                        case "acknowledged" -> end.acknowledged();
                        default -> end.received();
                    }
                });
        measure("rtt", roundTrips::median);
        measure("up", () -> rate(() -> awaitStream(end, streamed)));
        measure("down", () -> rate(end::stream));
        end.other.kill();
    }

    private static void awaitStream(End end, Semaphore streamed) {
        end.send("stream");
        streamed.acquireUninterruptibly();
    }

    private static void measure(String name, DoubleSupplier figure) {
        for (int i = 0; i < WARM_UPS; i++) {
            var _ = figure.getAsDouble();
        }
        System.out.println("begin " + name);
        System.out.println(name + " " + figure.getAsDouble());
    }

    /** Messages per second. */
    private static double rate(Runnable stream) {
        long begun = System.nanoTime();
        stream.run();
        return STREAM / ((System.nanoTime() - begun) / 1e9);
    }
}
