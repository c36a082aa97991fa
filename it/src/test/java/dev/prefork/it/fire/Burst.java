package dev.prefork.it.fire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Many connections at once, on a machine that has other work. */
final class Burst implements Trial {
    private static final int CONNECTIONS = 5_000;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "BURST";
    }

    @Override
    public String title() {
        return "5,000 connections at once, beside two processes that never rest";
    }

    @Override
    public String must() {
        return "0 unanswered within 60 s";
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        List<Process> others = new ArrayList<>();
        try (Fleet fleet = stage.start()) {
            fleet.awaitWhole();
            for (int i = 0; i < 2; i++) {
                others.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
            }
            Tally tally = new Tally();
            CountDownLatch begin = new CountDownLatch(1);
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(Thread.startVirtualThread(() -> ask(fleet.port(), begin, tally)));
            }
            long begun = System.nanoTime();
            begin.countDown();
            for (Thread client : clients) {
                client.join();
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            Losses losses = stage.losses(tally, List.of());
            return new Figure("%s; %.1f s".formatted(losses, seconds), tally.failures().isEmpty());
        } finally {
            for (Process other : others) {
                other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private static void ask(int port, CountDownLatch begin, Tally tally) {
        try (Asker asker = Asker.anew(port).within(DEADLINE)) {
            begin.await();
            tally.add(asker.ask());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
