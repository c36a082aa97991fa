package dev.prefork.launch;

import dev.prefork.posix.Fd;

import java.util.List;
import java.util.function.Supplier;

/** A launcher of {@code java -cp x Main} whose processes are somebody else's. */
public final class TestLauncher {
    private TestLauncher() {}

    public static Launcher of(Spawner spawner) {
        return lending(
                () -> {
                    throw new AssertionError("no standalone worker is started here");
                },
                spawner);
    }

    /** The same, with something to lend to standalone workers. */
    public static Launcher lending(Supplier<Fd> agent, Spawner spawner) {
        return new Launcher(
                JavaCommandLine.parse(List.of("-cp", "x", "Main")), List.of(), spawner, agent);
    }
}
