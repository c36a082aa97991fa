package dev.prefork.it.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;

/** Clients that ask again and again, by a new connection each time, until closed. */
final class ShortRequests implements AutoCloseable {
    private static final int CLIENTS = 3;

    /** Far more than anything takes on a busy machine. */
    private static final long DEADLINE_MILLIS = 20_000;

    private final Running server;
    private final List<Thread> clients = new ArrayList<>();
    private final List<IOException> failures = new ArrayList<>(); // guarded by this
    private int answers; // guarded by this
    private boolean closed; // guarded by this

    private ShortRequests(Running server) {
        this.server = server;
    }

    static ShortRequests to(Running server) {
        ShortRequests requests = new ShortRequests(server);
        for (int i = 0; i < CLIENTS; i++) {
            requests.clients.add(Thread.ofPlatform().daemon().start(requests::ask));
        }
        return requests;
    }

    private void ask() {
        while (!isClosed()) {
            try {
                server.ask();
                answered();
            } catch (IOException failure) {
                failed(failure);
            } catch (RuntimeException noPid) {
                failed(new IOException("no answer", noPid));
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void answered() {
        answers++;
        notifyAll();
    }

    private synchronized void failed(IOException failure) {
        failures.add(failure);
    }

    /** Waits for so many answers from now on. */
    synchronized void awaitAnswers(int count) throws InterruptedException {
        int enough = answers + count;
        long deadline = System.currentTimeMillis() + DEADLINE_MILLIS;
        while (answers < enough) {
            long left = deadline - System.currentTimeMillis();
            if (left <= 0) {
                throw new AssertionError(enough - answers + " answers are missing: " + failures);
            }
            wait(left);
        }
    }

    synchronized List<IOException> failures() {
        return List.copyOf(failures);
    }

    long refused() {
        return failures().stream().filter(ConnectException.class::isInstance).count();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        for (Thread client : clients) {
            end(client);
        }
    }

    private static void end(Thread client) {
        try {
            client.join(DEADLINE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
