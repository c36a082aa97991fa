package dev.prefork.it.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The open descriptors of a process. */
public final class Descriptors {
    private Descriptors() {}

    /** Such as {@code 5=socket:[4711]}; without files, as a JVM opens jars whenever it likes. */
    public static List<String> of(int pid) {
        try (Stream<Path> entries = Files.list(Path.of("/proc", "" + pid, "fd"))) {
            return entries.map(Descriptors::describe).filter(text -> !text.contains("=/")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Something that a test lets long-lived processes do again and again. */
    public interface Round {
        /** The first round is number 1. */
        void go(int number) throws IOException;
    }

    /**
     * Two rounds, in which a JVM may open what it keeps for good; then three more, which must leave
     * none of the processes with more open descriptors.
     */
    public static void awaitNoMoreAfterRounds(Round round, int... pids) throws IOException {
        round.go(1);
        round.go(2);
        Map<Integer, List<String>> before = new HashMap<>();
        for (int pid : pids) {
            before.put(pid, withoutPollers(pid));
        }
        for (int number = 3; number <= 5; number++) {
            round.go(number);
        }
        before.forEach(
                (pid, descriptors) ->
                        await("descriptors of " + pid + " after " + descriptors)
                                .atMost(Program.DEADLINE)
                                .untilAsserted(
                                        () ->
                                                assertThat(withoutPollers(pid))
                                                        .hasSizeLessThanOrEqualTo(
                                                                descriptors.size())));
    }

    /**
     * The JDK opens epolls for virtual threads whenever one first has to wait, which may be in a
     * late round. Those of ours have an event descriptor each, which is counted.
     */
    private static List<String> withoutPollers(int pid) {
        return of(pid).stream()
                .filter(descriptor -> !descriptor.endsWith("=anon_inode:[eventpoll]"))
                .toList();
    }

    static String describe(Path entry) {
        try {
            return entry.getFileName() + "=" + Files.readSymbolicLink(entry);
        } catch (IOException closed) {
            return entry.getFileName() + "=/closed";
        }
    }
}
