package dev.prefork.it.fire;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** More connections than anybody has descriptors for; then they go. */
final class FewDescriptors implements Trial {
    private static final int CONNECTIONS = 500;
    private static final double ENOUGH = 0.3;

    @Override
    public String name() {
        return "FEW_DESCRIPTORS";
    }

    @Override
    public String title() {
        return "`ulimit -n 64`, 500 connections for 3 s, then none: when it serves again";
    }

    @Override
    public String must() {
        return "≤ 0.3 s; one sentence of prefork for the episode";
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        List<Asker> many = new ArrayList<>();
        try (Fleet fleet = stage.startWithLimit("--nofile=64:64")) {
            fleet.awaitWhole();
            for (int i = 0; i < CONNECTIONS; i++) {
                connect(fleet.port(), many);
            }
            TimeUnit.SECONDS.sleep(3);
            many.forEach(Asker::close);
            double seconds = secondsToAnAnswer(fleet.port());
            if (seconds >= Fleet.DEADLINE.toSeconds()) {
                return new Figure("not within %.0f s".formatted(seconds), false);
            }
            long said =
                    fleet.program().lines().stream()
                            .filter(line -> line.startsWith("prefork: "))
                            .filter(
                                    line ->
                                            line.contains("descriptor")
                                                    || line.contains("open files"))
                            .count();
            String lines = stage.isOurs() ? "; said %d times".formatted(said) : "";
            return Figure.seconds(seconds, lines, seconds <= ENOUGH && said == 1);
        } finally {
            many.forEach(Asker::close);
        }
    }

    /** The backlog of a listener may be full as well. */
    private static void connect(int port, List<Asker> many) {
        Asker asker = Asker.anew(port).within(Duration.ofMillis(200));
        try {
            asker.connect();
            many.add(asker);
        } catch (IOException full) {
            asker.close();
        }
    }

    private static double secondsToAnAnswer(int port) throws InterruptedException {
        long begun = System.nanoTime();
        CountDownLatch answered = new CountDownLatch(1);
        List<Thread> clients = new ArrayList<>();
        while (answered.getCount() > 0 && System.nanoTime() - begun < Fleet.DEADLINE.toNanos()) {
            clients.add(Thread.startVirtualThread(() -> ask(port, answered)));
            var _ = answered.await(20, TimeUnit.MILLISECONDS);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        for (Thread client : clients) {
            client.join();
        }
        return seconds;
    }

    private static void ask(int port, CountDownLatch answered) {
        try (Asker asker = Asker.anew(port).within(Duration.ofSeconds(2))) {
            if (asker.ask().isAnswered()) {
                answered.countDown();
            }
        }
    }
}
