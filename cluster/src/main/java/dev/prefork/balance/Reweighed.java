package dev.prefork.balance;

import dev.prefork.Balancer;
import dev.prefork.Worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

/** Another balancer, to which the candidates are shown with other weights. */
public final class Reweighed implements Balancer {
    private final Balancer among;
    private final ToDoubleFunction<Candidate> factor;
    private final Map<Candidate, Shown> shown = new HashMap<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private final List<Candidate> unmodifiable = Collections.unmodifiableList(candidates);

    /** The factor is over 0 and finite, and may be another one each time. */
    public Reweighed(Balancer among, ToDoubleFunction<Candidate> factor) {
        this.among = Objects.requireNonNull(among, "among is null");
        this.factor = factor;
    }

    private final class Shown implements Candidate {
        final Candidate of;

        Shown(Candidate of) {
            this.of = of;
        }

        @Override
        public double weight() {
            double by = factor.applyAsDouble(of);
            if (!(by > 0 && by < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("weight=" + by + " of " + worker());
            }
            return of.weight() * by;
        }

        @Override
        public Worker worker() {
            return of.worker();
        }

        @Override
        public OptionalInt slot() {
            return of.slot();
        }

        @Override
        public OptionalInt connections() {
            return of.connections();
        }

        @Override
        public Duration listeningFor() {
            return of.listeningFor();
        }

        @Override
        public boolean isFree() {
            return of.isFree();
        }

        @Override
        public String toString() {
            return of.toString();
        }
    }

    private Shown shown(Candidate candidate) {
        return shown.computeIfAbsent(candidate, Shown::new);
    }

    @Override
    public Candidate choose(Connection connection, List<Candidate> given) {
        candidates.clear();
        given.forEach(candidate -> candidates.add(shown(candidate)));
        Candidate chosen = among.choose(connection, unmodifiable);
        return chosen instanceof Shown mine ? mine.of : chosen;
    }

    @Override
    public void taken(Candidate by) {
        among.taken(shown(by));
    }

    @Override
    public void done(Candidate of, int connections) {
        among.done(shown(of), connections);
    }

    @Override
    public void left(Candidate candidate) {
        Shown gone = shown.remove(candidate);
        if (gone != null) {
            among.left(gone);
        }
    }
}
