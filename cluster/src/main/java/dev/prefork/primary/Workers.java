package dev.prefork.primary;

import dev.prefork.Worker;
import dev.prefork.events.EventThread;
import dev.prefork.events.OneTimeEvent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Who is a worker for the application, and the calls of cluster.disconnect() that wait for them.
 * Changes on the event thread, just before the event that the change is about (SPEC B8), except
 * where it says otherwise; can be read by any thread.
 */
final class Workers {
    private record Call(Set<ForkedWorker> left, OneTimeEvent<Void> done) {}

    private final EventThread eventThread;
    private final ConcurrentSkipListMap<Integer, Worker> listed = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Integer, ForkedWorker> connected =
            new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Integer, ForkedWorker> running =
            new ConcurrentSkipListMap<>();

    private final Leadership leadership = new Leadership();

    /** Waiting for their workers, in the order of the calls. The event thread's. */
    private final List<Call> calls = new ArrayList<>();

    Workers(EventThread eventThread) {
        this.eventThread = eventThread;
    }

    /** Node's: without those that were told to disconnect. */
    Map<Integer, Worker> listed() {
        return Collections.unmodifiableMap(listed);
    }

    /** Those whose process has not ended. */
    Map<Integer, Worker> living() {
        return Collections.unmodifiableMap(running);
    }

    List<ForkedWorker> connected() {
        return List.copyOf(connected.values());
    }

    /** The one of this id, while it is connected; else null. */
    Worker connected(int id) {
        return connected.get(id);
    }

    /** As {@link #living}, now. */
    List<ForkedWorker> running() {
        return List.copyOf(running.values());
    }

    /** Any thread. */
    void add(ForkedWorker worker) {
        listed.put(worker.id(), worker);
        connected.put(worker.id(), worker);
        running.put(worker.id(), worker);
    }

    /** Told to disconnect it is listed no more, at once, as in Node. Any thread. */
    void isToldToDisconnect(ForkedWorker worker) {
        listed.remove(worker.id(), worker);
    }

    /** After those who listen to that have been told. */
    void isOnline(ForkedWorker worker) {
        leadership.online(worker);
    }

    /** After those who listen to its end have been told. */
    void endIsTold(ForkedWorker worker) {
        leadership.ended(worker);
    }

    void disconnected(ForkedWorker worker) {
        connected.remove(worker.id());
        if (worker.isDead()) {
            listed.remove(worker.id(), worker);
        }
    }

    void ended(ForkedWorker worker) {
        running.remove(worker.id());
        if (!worker.isConnected()) {
            listed.remove(worker.id(), worker);
        }
    }

    /** Done on the event thread when all of these have disconnected. Any thread. */
    CompletableFuture<Void> whenDisconnected(List<ForkedWorker> all) {
        OneTimeEvent<Void> done = new OneTimeEvent<>(eventThread);
        eventThread.execute(
                () -> {
                    Set<ForkedWorker> left = new HashSet<>(all);
                    left.removeIf(worker -> !worker.isConnected());
                    calls.add(new Call(left, done));
                    finishCalls();
                });
        return done.future();
    }

    /** After its listeners have been told. */
    void disconnectIsTold(ForkedWorker worker) {
        calls.forEach(call -> call.left().remove(worker));
        finishCalls();
    }

    private void finishCalls() {
        List<Call> over = calls.stream().filter(call -> call.left().isEmpty()).toList();
        calls.removeAll(over);
        // Each by itself: what depends on one of them may be in System.exit.
        over.forEach(call -> eventThread.execute(() -> call.done().fire(null)));
    }
}
