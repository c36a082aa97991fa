package dev.prefork.listen;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The shortest part of a history that fails, as far as leaving out steps finds it. */
record Shortest(List<Step> history, Throwable failure) {
    static Shortest of(
            List<Step> history,
            Throwable failure,
            Function<List<Step>, Optional<Throwable>> running) {
        Shortest shortest = new Shortest(history, failure);
        for (int chunk = history.size() / 2; chunk > 0; chunk /= 2) {
            for (int at = 0; at < shortest.history().size(); ) {
                List<Step> without = without(shortest.history(), at, chunk);
                Optional<Throwable> still = running.apply(without);
                if (still.isPresent()) {
                    shortest = new Shortest(without, still.get());
                } else {
                    at += chunk;
                }
            }
        }
        return shortest;
    }

    private static List<Step> without(List<Step> history, int at, int count) {
        List<Step> rest = new ArrayList<>(history.subList(0, at));
        rest.addAll(history.subList(Math.min(at + count, history.size()), history.size()));
        return rest;
    }
}
