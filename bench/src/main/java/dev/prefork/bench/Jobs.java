package dev.prefork.bench;

import dev.prefork.Cluster;
import dev.prefork.Worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Our side of the jobs: a primary hands them to four workers, as many at a time to each as there
 * may be, and adds up what comes back. The first ones from the start on, while nothing is compiled,
 * and then some more.
 */
public final class Jobs {
    static final int COLD = 100_000;
    static final int WARM = 300_000;

    private static final int WORKERS = 4;
    private static final int AT_A_TIME = 100;
    private static final String TEXT = "thirty-two characters of a text.";

    private record Job(int id, String text, List<Integer> numbers) {}

    private record Result(int id, long sum) {}

    private final List<Worker> workers = new ArrayList<>();
    private int count;
    private int handed;
    private int done;
    private CompletableFuture<Void> all;

    private Jobs() {}

    /** Runs in the primary and in the workers. */
    public static void main(String[] args) {
        if (Cluster.isWorker()) {
            Worker self = Cluster.worker();
            self.onMessage(Job.class, job -> self.send(work(job)));
        } else {
            new Jobs().measure();
        }
    }

    private static Result work(Job job) {
        long sum = job.text().length();
        for (int number : job.numbers()) {
            sum += number;
        }
        return new Result(job.id(), sum);
    }

    private void measure() {
        for (int i = 0; i < WORKERS; i++) {
            workers.add(Cluster.fork());
        }
        Cluster.onMessage(Result.class, (worker, _) -> done(worker));
        System.out.println("cold " + perSecond(COLD));
        System.out.println("begin warm");
        System.out.println("warm " + perSecond(WARM));
        workers.forEach(Worker::kill);
    }

    private double perSecond(int jobs) {
        long begun = System.nanoTime();
        CompletableFuture<Void> end = new CompletableFuture<>();
        workers.getFirst().online().join();
        begin(jobs, end);
        end.join();
        return jobs / ((System.nanoTime() - begun) / 1e9);
    }

    private synchronized void begin(int jobs, CompletableFuture<Void> end) {
        count = jobs;
        handed = 0;
        done = 0;
        all = end;
        for (int i = 0; i < AT_A_TIME; i++) {
            workers.forEach(this::hand);
        }
    }

    private void hand(Worker worker) {
        if (handed < count) {
            handed++;
            worker.send(new Job(handed, TEXT, List.of(handed, 2, 3, 4)));
        }
    }

    private synchronized void done(Worker worker) {
        if (++done == count) {
            all.complete(null);
        } else {
            hand(worker);
        }
    }
}
