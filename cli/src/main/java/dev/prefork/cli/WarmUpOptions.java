package dev.prefork.cli;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.Optional;

/** Options of {@code prefork run} on what a worker does before it serves. */
final class WarmUpOptions {
    @Option(
            names = "--warm-up",
            paramLabel = "PATH",
            description =
                    "While others serve, a new worker first answers prefork's own requests for this"
                            + " path (GET, HTTP without TLS, on the first port that it listens on),"
                            + " so that its JVM has compiled what it needs; for --policy rr.")
    private Optional<String> path;

    @Option(
            names = "--warm-up-time",
            paramLabel = "SECONDS",
            description = "For so long, and 20,000 requests at most; default 5.")
    private Optional<String> time;

    /**
     * What is wanted, if anything is.
     *
     * @param listenTimeout in which it must be over
     * @throws UsageException for words that mean nothing
     */
    Optional<WarmUp> read(Duration listenTimeout) {
        if (path.isEmpty() && time.isPresent()) {
            throw new UsageException("--warm-up-time is for --warm-up PATH");
        }
        return path.map(word -> read(word, listenTimeout));
    }

    private WarmUp read(String word, Duration listenTimeout) {
        if (!word.matches("/[!-~]*")) {
            throw new UsageException(
                    "--warm-up " + word + ": say the path of a URL, such as /health");
        }
        Duration length = Values.seconds("--warm-up-time", time.orElse("5"));
        if (length.isZero() || length.compareTo(listenTimeout) >= 0) {
            throw new UsageException(
                    "--warm-up-time must be more than 0 seconds and less than --listen-timeout, in"
                            + " which it is a part");
        }
        return new WarmUp(word, length);
    }
}
