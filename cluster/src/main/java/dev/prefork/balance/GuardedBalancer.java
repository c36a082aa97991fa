package dev.prefork.balance;

import dev.prefork.Balancer;
import dev.prefork.Balancer.Candidate;
import dev.prefork.Worker;
import dev.prefork.listen.Balancing;
import dev.prefork.listen.Client;

import java.util.List;
import java.util.function.IntFunction;

/** A balancer whose faults cost the primary nothing: it may be the application's own. */
final class GuardedBalancer implements Balancing<Candidate> {
    private final Balancer balancer;
    private final IntFunction<Worker> workers;
    private final Complaint complaint;

    /**
     * Of an address.
     *
     * @param workers by their ids
     */
    GuardedBalancer(Balancer balancer, IntFunction<Worker> workers, Complaint complaint) {
        this.balancer = balancer;
        this.workers = workers;
        this.complaint = complaint;
    }

    @Override
    public Candidate joins(Facts lane) {
        return new ListeningWorker(workers.apply(lane.worker()), lane);
    }

    @Override
    public int choose(Client client, List<Candidate> candidates) {
        try {
            Candidate chosen = balancer.choose(client::peer, candidates);
            int index = candidates.indexOf(chosen);
            if (index >= 0) {
                return index;
            }
            complaint.tell(new IllegalStateException("no candidate: " + chosen));
        } catch (Throwable fault) {
            complaint.tell(fault);
        }
        return NONE;
    }

    @Override
    public void taken(Candidate by) {
        guard(() -> balancer.taken(by));
    }

    @Override
    public void done(Candidate of, int connections) {
        guard(() -> balancer.done(of, connections));
    }

    @Override
    public void left(Candidate candidate) {
        guard(() -> balancer.left(candidate));
    }

    private void guard(Runnable told) {
        try {
            told.run();
        } catch (Throwable fault) {
            complaint.tell(fault);
        }
    }
}
