package dev.prefork.it.cli;

import dev.prefork.it.support.Client;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that ask again and again, by a new connection each time, each until one is refused. What
 * became of every connection is counted.
 */
final class UntilRefused {
    private static final int CLIENTS = 4;

    /** Far more than anything takes on a busy machine. */
    private static final long DEADLINE_MILLIS = 60_000;

    private static final String REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private final int port;
    private final List<Thread> clients = new ArrayList<>();
    private final List<String> unanswered = new ArrayList<>(); // guarded by this
    private int answers; // guarded by this
    private int refused; // guarded by this

    private UntilRefused(int port) {
        this.port = port;
    }

    static UntilRefused ask(int port) {
        UntilRefused asking = new UntilRefused(port);
        for (int i = 0; i < CLIENTS; i++) {
            asking.clients.add(Thread.ofPlatform().daemon().start(asking::askOnAndOn));
        }
        return asking;
    }

    private void askOnAndOn() {
        while (isConnected()) {
            // Until the port is closed.
        }
    }

    private boolean isConnected() {
        try (Client client = Client.connect(port)) {
            answered(client);
            return true;
        } catch (ConnectException closed) {
            synchronized (this) {
                refused++;
            }
            return false;
        } catch (IOException neither) {
            fail("connecting: " + neither);
            return false;
        }
    }

    private void answered(Client client) {
        try {
            String answer = client.send(REQUEST).readToEnd();
            if (!answer.startsWith("HTTP/1.1 200 ")) {
                fail("answer: '" + answer + "'");
                return;
            }
            synchronized (this) {
                answers++;
                notifyAll();
            }
        } catch (IOException reset) {
            fail("connected: " + reset);
        }
    }

    private synchronized void fail(String how) {
        unanswered.add(how);
    }

    /** Waits for so many answers from the start. */
    synchronized void awaitAnswers(int count) throws InterruptedException {
        long deadline = System.currentTimeMillis() + DEADLINE_MILLIS;
        while (answers < count) {
            long left = deadline - System.currentTimeMillis();
            if (left <= 0) {
                throw new AssertionError(answers + " answers; " + unanswered);
            }
            wait(left);
        }
    }

    /** Waits until all have been refused; what became of connections that were not answered. */
    List<String> awaitRefused() throws InterruptedException {
        for (Thread client : clients) {
            client.join(DEADLINE_MILLIS);
        }
        synchronized (this) {
            if (refused + unanswered.size() < CLIENTS) {
                throw new AssertionError(refused + " refused; " + unanswered);
            }
            return List.copyOf(unanswered);
        }
    }
}
