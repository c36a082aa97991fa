package dev.prefork.cli;

import dev.prefork.Balancer;
import dev.prefork.Prefork;
import dev.prefork.SchedulingPolicy;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Options of {@code prefork run} on which worker gets a connection. */
final class BalanceOptions {
    @Option(
            names = "--balance",
            paramLabel = "leastconn|roundrobin|source",
            description =
                    "Which worker gets a connection under policy rr: leastconn, the one with the"
                            + " fewest open ones (the default); roundrobin, each in turn; source,"
                            + " the same for the same client address, also after a reload.")
    private Optional<String> balance;

    @Option(
            names = "--slow-start",
            paramLabel = "SECONDS",
            description =
                    "A worker that is new gets a tenth of its part at first, and all of it after so"
                            + " long, as a JVM is slow at first.")
    private Optional<String> slowStart;

    /**
     * Applies them, before anything listens.
     *
     * @param cold whom {@code --warm-up} leaves out, if it is said
     * @throws UsageException for words that mean nothing, or where the primary does not choose
     */
    void apply(Prefork cluster, Optional<ColdWorkers> cold) {
        if (balance.isEmpty() && slowStart.isEmpty() && cold.isEmpty()) {
            return;
        }
        if (cluster.schedulingPolicy() != SchedulingPolicy.ROUND_ROBIN) {
            String option = slowStart.isPresent() ? "--slow-start" : "--warm-up";
            throw new UsageException(
                    (balance.isPresent() ? "--balance" : option)
                            + " is for --policy rr, and here the system chooses");
        }
        Supplier<Balancer> balancer = balancer(balance.orElse("leastconn"));
        Optional<Duration> time = slowStart.map(BalanceOptions::time);
        Supplier<Balancer> all =
                () ->
                        time.map(length -> Balancer.slowStart(length, balancer.get()))
                                .orElseGet(balancer);
        cluster.balancers(_ -> cold.map(those -> those.leftOutOf(all.get())).orElseGet(all));
    }

    private static Supplier<Balancer> balancer(String word) {
        return switch (word) {
            case "leastconn" -> Balancer::leastConnections;
            case "roundrobin" -> Balancer::roundRobin;
            case "source" -> Balancer::sticky;
            default ->
                    throw new UsageException(
                            "--balance " + word + ": say leastconn, roundrobin or source");
        };
    }

    private static Duration time(String word) {
        Duration time = Values.seconds("--slow-start", word);
        if (time.isZero()) {
            throw new UsageException("--slow-start " + word + ": say more than 0 seconds");
        }
        return time;
    }
}
