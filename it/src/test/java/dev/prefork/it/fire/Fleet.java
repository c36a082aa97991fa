package dev.prefork.it.fire;

import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Program;
import dev.prefork.it.support.Signals;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Running workers with whom keeps them: {@link Peer} has started it. */
abstract class Fleet implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(90);

    private final Program program;
    private final int port;
    private final int size;
    private final Predicate<ProcessHandle> isWorker;
    private final Set<ProcessHandle> seen = new HashSet<>();

    /**
     * Of a program that was started.
     *
     * @param isWorker true of those children of it that serve
     */
    Fleet(Program program, int port, int size, Predicate<ProcessHandle> isWorker) {
        this.program = program;
        this.port = port;
        this.size = size;
        this.isWorker = isWorker;
    }

    final Program program() {
        return program;
    }

    final int primary() {
        return program.pid();
    }

    final int port() {
        return port;
    }

    /** The pids of the workers that run now. */
    final List<Integer> workers() {
        List<Integer> pids = new ArrayList<>();
        ProcessHandle.of(program.pid())
                .ifPresent(
                        primary ->
                                primary.children()
                                        .peek(seen::add)
                                        .filter(isWorker)
                                        .map(child -> Math.toIntExact(child.pid()))
                                        .filter(Signals::isRunning)
                                        .forEach(pids::add));
        return pids;
    }

    /** All that it ever started and that still runs. */
    final List<Integer> left() {
        ProcessHandle.of(program.pid()).ifPresent(p -> p.descendants().forEach(seen::add));
        return seen.stream()
                .filter(ProcessHandle::isAlive)
                .map(process -> Math.toIntExact(process.pid()))
                .filter(Signals::isRunning)
                .toList();
    }

    /** Waits until so many serve as were asked for, none of these among them; their pids. */
    final List<Integer> awaitWhole(Collection<Integer> without) {
        return awaitWhole(without, _ -> false);
    }

    /**
     * The same.
     *
     * @param serves true of a worker that is known to: who has many connections gets no new one
     */
    final List<Integer> awaitWhole(Collection<Integer> without, Predicate<Integer> serves) {
        Set<Integer> silent = new HashSet<>();
        List<Integer> whole = new ArrayList<>();
        await("all workers serve")
                .atMost(DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .failFast("it has ended", () -> !program.isAlive())
                .until(
                        () -> {
                            List<Integer> now = workers();
                            if (!now.equals(whole)) {
                                whole.clear();
                                whole.addAll(now);
                                silent.clear();
                                silent.addAll(now);
                            }
                            if (now.size() != size || !Collections.disjoint(now, without)) {
                                return false;
                            }
                            silent.removeIf(serves);
                            for (int i = 0; i < 2 * size && !silent.isEmpty(); i++) {
                                try (Asker asker = Asker.anew(port)) {
                                    Asked asked = asker.ask();
                                    silent.remove(asked.pid());
                                    if (asked.isAnswered() && !spreads()) {
                                        silent.clear();
                                    }
                                }
                            }
                            return silent.isEmpty();
                        });
        return List.copyOf(whole);
    }

    final List<Integer> awaitWhole() {
        return awaitWhole(List.of());
    }

    /** Whether a few new connections reach all of them. */
    boolean spreads() {
        return false;
    }

    /** SIGKILL to some of its workers, at once. */
    static void kill(List<Integer> pids) {
        Signals.sendAll("KILL", pids.getFirst(), pids.subList(1, pids.size()));
    }

    /** SIGKILL to one of its workers; returns when it is gone. */
    final void kill(int pid) {
        kill(List.of(pid));
        Signals.awaitGone(pid);
    }

    /** Asks for new workers in the place of the old ones. */
    void reload() {
        throw new UnsupportedOperationException();
    }

    /** Puts another version of the program in the place of the first. */
    void deploy(Version version) throws IOException {
        throw new UnsupportedOperationException(version.name());
    }

    /** Asks for the end, after what is under way. */
    void stop() {
        program.signal("TERM");
    }

    /** SIGKILL, if it has not ended. */
    static void end(Program program) {
        ProcessHandle.of(program.pid()).ifPresent(ProcessHandle::destroyForcibly);
        program.awaitExit();
    }

    /** What is left is killed: a trial has ended. */
    @Override
    public void close() {
        List<Integer> all = left();
        end(program);
        all.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        all.forEach(Signals::awaitGone);
    }
}
