package dev.prefork.balance;

import dev.prefork.Balancer;
import dev.prefork.Balancer.Candidate;
import dev.prefork.Worker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** A candidate of which the test says how it is. */
final class FakeCandidate implements Candidate {
    private final Worker worker;
    private OptionalInt slot = OptionalInt.empty();
    private OptionalInt connections = OptionalInt.of(0);
    private Duration listeningFor = Duration.ofDays(1);
    private boolean isFree = true;
    private double weight = 1;

    FakeCandidate(int id) {
        this.worker = NamedWorker.of(id);
    }

    /** Of no slot, all alike. */
    static List<FakeCandidate> several(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(FakeCandidate::new).toList();
    }

    static Balancer.Connection from(String address, int port) {
        return () -> Optional.of(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    static Balancer.Connection fromNowhere() {
        return Optional::empty;
    }

    /** Whom so many connections went to, each being over before the next one comes. */
    static List<Candidate> chosen(Balancer balancer, List<FakeCandidate> candidates, int count) {
        List<Candidate> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(balancer.choose(fromNowhere(), List.copyOf(candidates)));
        }
        return chosen;
    }

    static long count(List<Candidate> chosen, Candidate which) {
        return chosen.stream().filter(which::equals).count();
    }

    FakeCandidate slot(int number) {
        slot = OptionalInt.of(number);
        return this;
    }

    FakeCandidate connections(int open) {
        connections = OptionalInt.of(open);
        return this;
    }

    FakeCandidate untold() {
        connections = OptionalInt.empty();
        return this;
    }

    FakeCandidate listeningFor(Duration time) {
        listeningFor = time;
        return this;
    }

    FakeCandidate free(boolean free) {
        isFree = free;
        return this;
    }

    FakeCandidate weight(double of) {
        weight = of;
        return this;
    }

    @Override
    public Worker worker() {
        return worker;
    }

    @Override
    public OptionalInt slot() {
        return slot;
    }

    @Override
    public OptionalInt connections() {
        return connections;
    }

    @Override
    public Duration listeningFor() {
        return listeningFor;
    }

    @Override
    public boolean isFree() {
        return isFree;
    }

    @Override
    public double weight() {
        return weight;
    }

    @Override
    public String toString() {
        return worker.toString();
    }
}
