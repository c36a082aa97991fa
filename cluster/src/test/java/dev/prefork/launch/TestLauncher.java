package dev.prefork.launch;

import dev.prefork.posix.Fd;

import java.util.List;

/** A launcher of {@code java -cp x Main} whose processes are somebody else's. */
public final class TestLauncher {
    private TestLauncher() {}

    public static Launcher of(Spawner spawner) {
        return new Launcher(
                JavaCommandLine.parse(List.of("-cp", "x", "Main")),
                List.of(),
                spawner,
                () -> {
                    throw new AssertionError("no standalone worker is started here");
                });
    }

    /** The same, with something to lend to standalone workers. */
    public static Launcher lending(Fd agent, Spawner spawner) {
        return new Launcher(
                JavaCommandLine.parse(List.of("-cp", "x", "Main")),
                List.of(),
                spawner,
                () -> agent);
    }
}
