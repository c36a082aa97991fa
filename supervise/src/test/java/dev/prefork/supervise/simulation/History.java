package dev.prefork.supervise.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What happens to so many workers, of which so many are reloaded at once, from the start on; then
 * everything goes well for some minutes, and then it ends.
 */
record History(int workers, int surge, List<Step> steps) {
    private static final int MOST_WORKERS = 4;
    private static final int MOST_SURGE = 3;
    private static final int STEPS = 200;

    History {
        steps = List.copyOf(steps);
    }

    static History random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new History(
                1 + random.nextInt(MOST_WORKERS),
                1 + random.nextInt(MOST_SURGE),
                Stream.generate(() -> Step.random(random)).limit(STEPS).toList());
    }

    /** What went wrong, if something did. */
    Optional<Throwable> fault() {
        try {
            World world = new World(workers, surge);
            steps.forEach(world::take);
            if (!world.isOver()) {
                world.isAtPeace();
            }
            world.ends();
            return Optional.empty();
        } catch (BrokenRule | RuntimeException fault) {
            return Optional.of(fault);
        }
    }

    /** The shortest part of it that still goes wrong, as far as leaving out steps finds it. */
    History shrunk() {
        return shrunk(history -> history.fault().isPresent());
    }

    History shrunk(Predicate<History> goesWrong) {
        History shortest = this;
        for (int size = Math.max(1, steps.size() / 2); size >= 1; size = size / 2) {
            boolean again = true;
            while (again) {
                again = false;
                for (int from = 0; from < shortest.steps.size(); from += size) {
                    History shorter = shortest.without(from, size);
                    if (goesWrong.test(shorter)) {
                        shortest = shorter;
                        again = true;
                    }
                }
            }
        }
        return shortest;
    }

    private History without(int from, int many) {
        List<Step> left = new ArrayList<>(steps.subList(0, from));
        left.addAll(steps.subList(Math.min(from + many, steps.size()), steps.size()));
        return new History(workers, surge, left);
    }
}
