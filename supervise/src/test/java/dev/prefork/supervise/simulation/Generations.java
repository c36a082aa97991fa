package dev.prefork.supervise.simulation;

import static dev.prefork.supervise.simulation.BrokenRule.must;

import dev.prefork.supervise.Action;
import dev.prefork.supervise.Notice;

/** What workers are started with, and which of it is trusted. */
final class Generations {
    private int newest = 1;
    private int trusted = 1;
    private boolean reloading;

    /** The old ones could not come back. */
    private boolean isMixed;

    void isTold(Notice notice) {
        switch (notice) {
            case Notice.Reloading _ -> {
                must(!reloading, () -> "one reload at a time");
                newest++;
                reloading = true;
            }
            case Notice.Reloaded _ -> {
                must(reloading, () -> "what ends has begun");
                trusted = newest;
                reloading = false;
                isMixed = false;
            }
            case Notice.ReloadFailed _ -> {
                must(reloading, () -> "what fails has begun");
                reloading = false;
                isMixed = false;
            }
            case Notice.NotRolledBack _ -> isMixed = true;
            default -> {
                // It changes nothing.
            }
        }
    }

    void isForked(Action.Fork fork) {
        boolean isNewest = fork.generation() == newest && reloading;
        must(
                fork.generation() == trusted || isNewest,
                () ->
                        "%s is of generation %d, which is trusted, or of a reload that goes on"
                                .formatted(fork, trusted));
    }

    int trusted() {
        return trusted;
    }

    boolean isReloading() {
        return reloading;
    }

    /** Once all is well. */
    void checkWellBeing(int generation) {
        must(
                generation == trusted || isMixed,
                () -> "generation %d serves, and not %d".formatted(generation, trusted));
    }
}
