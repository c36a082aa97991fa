package dev.prefork.primary;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The calls of cluster.disconnect() that wait for their workers; done in the order of the calls.
 * Belongs to the event thread.
 */
final class Disconnects {
    private record Call(Set<ForkedWorker> left, CompletableFuture<Void> done) {}

    private final List<Call> calls = new ArrayList<>();

    void add(List<ForkedWorker> workers, CompletableFuture<Void> done) {
        Set<ForkedWorker> left = new HashSet<>(workers);
        left.removeIf(worker -> !worker.isConnected());
        calls.add(new Call(left, done));
        finish();
    }

    void disconnected(ForkedWorker worker) {
        calls.forEach(call -> call.left().remove(worker));
        finish();
    }

    private void finish() {
        List<Call> over = calls.stream().filter(call -> call.left().isEmpty()).toList();
        calls.removeAll(over);
        over.forEach(call -> call.done().complete(null));
    }
}
