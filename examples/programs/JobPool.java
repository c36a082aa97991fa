import dev.prefork.*;

// Twenty jobs for four workers, one at a time for each; that of one that dies is done again.

final Queue<Integer> jobs = new ArrayDeque<>(IntStream.rangeClosed(1, 20).boxed().toList());
final Map<Integer, Integer> results = new HashMap<>();
Pool pool;

void main() {
    if (Cluster.isPrimary()) {
        Cluster.onOnline(this::next);
        pool = Cluster.keep(4);
    } else {
        Cluster.worker().onAsk(Integer.class, job -> {
            if (job == 7 && Cluster.worker().id() <= 4) {
                Runtime.getRuntime().halt(1); // a fault
            }
            return job * job;
        });
    }
}

void next(Worker worker) {
    Integer job = jobs.poll();
    if (job != null) {
        worker.ask(job, Integer.class, Duration.ofMinutes(1)).whenComplete((result, e) -> {
            if (e != null) {
                IO.println("once more: job " + job);
                jobs.add(job); // for the one that takes its place
            } else if (results.put(job, result) == null && results.size() == 20) {
                IO.println(results.values().stream().mapToInt(each -> each).sum());
                pool.disconnect(Duration.ofSeconds(10));
            } else {
                next(worker);
            }
        });
    }
}
