package dev.prefork.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;

/** Parts of sentences. */
final class Wording {
    private Wording() {}

    /** Such as {@code 1 worker}, {@code 2 workers}. */
    static String workers(int count) {
        return count == 1 ? "1 worker" : count + " workers";
    }

    /** Such as {@code 2 workers, pids 4711 4712}. */
    static String workersAndPids(Collection<Member> members) {
        String pids =
                members.stream()
                        .map(member -> String.valueOf(member.pid))
                        .collect(Collectors.joining(" "));
        return workers(members.size()) + (members.size() == 1 ? ", pid " : ", pids ") + pids;
    }

    /** Such as {@code 0.1 s}, {@code 30 s}. */
    static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }
}
