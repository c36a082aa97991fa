package dev.prefork.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * New connections to a bare responder, one request on each, which go on by themselves once they
 * have begun: one that gets no answer delays no other.
 */
record Connections(List<CompletableFuture<Answer>> answers) {
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    /**
     * What became of one.
     *
     * @param worker the text that tells who has answered
     * @param millis since it should have begun
     */
    record Answer(String worker, double millis) {}

    /** As fast as so few at once can be; all are answered. */
    static Connections open(int port, int count, int atOnce) {
        Semaphore room = new Semaphore(atOnce);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            room.acquireUninterruptibly();
            CompletableFuture<Answer> answer = begin(port, System.nanoTime());
            var _ = answer.whenComplete((_, _) -> room.release());
            answers.add(answer);
        }
        return new Connections(answers);
    }

    /** At fixed times, whatever becomes of those before; the last has begun when this returns. */
    static Connections openInTime(int port, int count, long nanosApart) {
        long begun = System.nanoTime();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long due = begun + i * nanosApart;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            answers.add(begin(port, due));
        }
        return new Connections(answers);
    }

    private static CompletableFuture<Answer> begin(int port, long due) {
        return CompletableFuture.supplyAsync(
                () -> {
                    String worker = ask(port);
                    return new Answer(worker, (System.nanoTime() - due) / 1e6);
                },
                task -> Thread.ofVirtual().name("connection").start(task));
    }

    private static String ask(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(REQUEST);
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(answer.lastIndexOf('\n') + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the last answer. */
    Map<String, Long> countsByWorker() throws IOException {
        return all().collect(Collectors.groupingBy(Answer::worker, Collectors.counting()));
    }

    /** Waits for the last answer. */
    List<Double> millis() throws IOException {
        return all().map(Answer::millis).toList();
    }

    private Stream<Answer> all() throws IOException {
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).join();
        } catch (CompletionException e) {
            throw new IOException("a connection failed: " + e.getCause().getMessage(), e);
        }
        return answers.stream().map(CompletableFuture::join);
    }
}
