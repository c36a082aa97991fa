package dev.prefork.it.cli;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that asks again as soon as it has the answer, over a connection that it keeps. */
final class KeptClient {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest request;
    private final List<Integer> answers = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> over;
    private volatile boolean ending;
    private final AtomicInteger lastAnswers = new AtomicInteger();

    private KeptClient(int port) {
        this.request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
        this.over = CompletableFuture.runAsync(this::ask);
    }

    static KeptClient start(int port) {
        return new KeptClient(port);
    }

    private void ask() {
        try {
            while (!ending) {
                HttpResponse<String> answer =
                        client.send(request, HttpResponse.BodyHandlers.ofString());
                answers.add(Integer.valueOf(answer.body()));
                if (answer.headers().allValues("connection").contains("close")) {
                    lastAnswers.incrementAndGet();
                }
            }
        } catch (Exception e) {
            throw new AssertionError("after " + answers.size() + " answers", e);
        }
    }

    void awaitAnswers(int count) {
        await().until(() -> over.isDone() || answers.size() >= count);
    }

    /**
     * The pids that have answered, in the order of the answers.
     *
     * @throws RuntimeException if one of them was missing
     */
    List<Integer> end() {
        ending = true;
        over.join();
        client.close();
        return answers;
    }

    /** How many connections it has needed, by what it was told. */
    int connections() {
        return lastAnswers.get() + 1;
    }
}
