package dev.prefork.cli;

import dev.prefork.ClusterSettings;
import dev.prefork.keep.ClusterWorkers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What workers were, are and will be started with, by the numbers that the supervisor gives. For
 * the driver's thread.
 */
final class Generations implements ClusterWorkers.Generations {
    private final Supplier<Generation> reader;
    private final Consumer<String> say;
    private final Executor copying;
    private final Map<Integer, Generation> all = new HashMap<>();

    /** Some of their workers may still be leaving. */
    private List<Generation> past = new ArrayList<>();

    private Generation newest;

    /**
     * The first one is here.
     *
     * @param reader reads the next ones
     * @param say is told what is new in them
     * @param copying makes copies of files, which takes time
     */
    Generations(
            Generation first, Supplier<Generation> reader, Consumer<String> say, Executor copying) {
        this.reader = reader;
        this.say = say;
        this.copying = copying;
        begin(1, first);
    }

    private Generation begin(int number, Generation generation) {
        all.put(number, generation);
        newest = generation;
        copying.execute(generation::keep);
        return generation;
    }

    /** Reads it when it is new. */
    @Override
    public ClusterSettings settings(int number) {
        Generation generation = all.get(number);
        return (generation == null ? next(number) : generation).settings();
    }

    private Generation next(int number) {
        Generation before = newest;
        Generation next = begin(number, reader.get());
        next.comparedWith(before).ifPresent(say);
        return next;
    }

    @Override
    public void keepOnly(int number) {
        past.forEach(Generation::close);
        past = new ArrayList<>(all.values());
        past.remove(all.get(number));
        all.keySet().retainAll(Set.of(number));
    }
}
