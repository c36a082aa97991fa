package dev.prefork.it.servers;

import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code prefork run} with a program as two workers, and what it says of them. */
final class Prefork {
    /** For two JVMs of the largest framework on a busy machine. */
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    private static final List<String> OPTIONS =
            List.of(
                    "-J-XX:TieredStopAtLevel=1",
                    "-J-XX:+UseSerialGC",
                    "-J-Xmx256m",
                    "--ready-after",
                    "0.2",
                    "--drain-timeout",
                    "" + DEADLINE.toSeconds());

    private static final Pattern SERVING =
            Pattern.compile("prefork: serving .+ with 2 workers, pids (\\d+) (\\d+)");
    private static final Pattern RELOADED =
            Pattern.compile("prefork: reloaded 2 workers, pids (\\d+) (\\d+)");

    private final Program program;

    private Prefork(Program program) {
        this.program = program;
    }

    /**
     * Starts it.
     *
     * @param words the program and its arguments
     */
    static Prefork run(
            Programs programs, String policy, List<String> jvmOptions, List<String> words) {
        return run(programs, policy, jvmOptions, words, Map.of());
    }

    /** The same with more environment. */
    static Prefork run(
            Programs programs,
            String policy,
            List<String> jvmOptions,
            List<String> words,
            Map<String, String> environment) {
        List<String> arguments = new ArrayList<>(List.of("run", "-w", "2", "--policy", policy));
        arguments.addAll(OPTIONS);
        jvmOptions.forEach(option -> arguments.add("-J" + option));
        arguments.addAll(words);
        Command command = Command.prefork(arguments.toArray());
        return new Prefork(programs.start(new Command(command.words(), environment)));
    }

    /** Waits until both workers listen; their pids. */
    Set<Integer> awaitServing() {
        return awaitPids(SERVING, Set.of());
    }

    /** Waits until both workers listen, and this one is none of them. */
    Set<Integer> awaitServingWithout(int pid) {
        return awaitPids(SERVING, Set.of(pid));
    }

    /** Returns once its process is no more, and its file descriptors with it. */
    void awaitDeath(int pid) {
        program.awaitLine(
                "prefork: worker \\d+ \\(pid %d\\) died: SIGKILL; starting another".formatted(pid));
    }

    /** Replaces both workers, which are these; the pids of the new ones, when they listen. */
    Set<Integer> reload(Set<Integer> old) {
        program.signal("HUP");
        return awaitPids(RELOADED, old);
    }

    /** Of the last line that says so, when none of them is one of those. */
    private Set<Integer> awaitPids(Pattern line, Set<Integer> without) {
        return await(line.pattern())
                .atMost(DEADLINE)
                .failFast("prefork has ended", () -> !program.isAlive())
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> lastPids(line, without), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Set<Integer>> lastPids(Pattern pattern, Set<Integer> without) {
        Optional<Set<Integer>> found = Optional.empty();
        for (String line : program.lines()) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.matches()) {
                found =
                        Optional.of(
                                Set.of(
                                        Integer.parseInt(matcher.group(1)),
                                        Integer.parseInt(matcher.group(2))));
            }
        }
        return found.filter(pids -> Collections.disjoint(pids, without));
    }

    /** Ends it; its exit code, once nobody who shares its output is left. */
    int stop() {
        program.signal("TERM");
        return program.awaitEnd();
    }

    List<String> linesOfItsOwn() {
        return program.lines().stream().filter(line -> line.startsWith("prefork: ")).toList();
    }
}
