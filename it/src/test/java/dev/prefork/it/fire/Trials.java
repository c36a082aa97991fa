package dev.prefork.it.fire;

import java.util.List;
import java.util.stream.Stream;

/** All trials, in the order of the table. */
final class Trials {
    private Trials() {}

    static List<Trial> all() {
        return Stream.of(
                        Stream.of(Killed.values()),
                        Stream.of(new Reloads()),
                        Stream.of(BadVersion.values()),
                        Stream.of(EarlyHup.values()),
                        Stream.of(Leaving.values()),
                        Stream.of(new Stopped()),
                        Stream.of(PrimaryKilled.values()),
                        Stream.of(new Burst(), new Silent(), new FewDescriptors(), new Leaks()))
                .<Trial>flatMap(trials -> trials)
                .toList();
    }
}
