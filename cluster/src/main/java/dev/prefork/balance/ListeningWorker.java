package dev.prefork.balance;

import dev.prefork.Balancer;
import dev.prefork.Worker;
import dev.prefork.listen.Balancing;

import java.time.Duration;
import java.util.OptionalInt;

/** A worker that listens on an address, as its balancer sees it; equal to itself only. */
final class ListeningWorker implements Balancer.Candidate {
    private final Worker worker;
    private final Balancing.Facts lane;

    ListeningWorker(Worker worker, Balancing.Facts lane) {
        this.worker = worker;
        this.lane = lane;
    }

    @Override
    public Worker worker() {
        return worker;
    }

    @Override
    public OptionalInt slot() {
        return lane.slot();
    }

    @Override
    public OptionalInt connections() {
        return lane.open();
    }

    @Override
    public Duration listeningFor() {
        return lane.listeningFor();
    }

    @Override
    public boolean isFree() {
        return lane.isFree();
    }

    @Override
    public String toString() {
        return worker.toString();
    }
}
