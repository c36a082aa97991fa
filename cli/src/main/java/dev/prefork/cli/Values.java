package dev.prefork.cli;

import dev.prefork.ClusterSettings;
import dev.prefork.PortRules;
import dev.prefork.SchedulingPolicy;
import dev.prefork.classdata.ClassDataFolder;
import dev.prefork.classdata.UsualFolder;
import dev.prefork.supervise.LeaveTimes;
import dev.prefork.supervise.Restart;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the words of a command line mean; a word that means nothing is a UsageException. */
final class Values {
    private static final String ANY_PORT_IS_OWN = "0=private";
    private static final String CLASS_DATA = "PREFORK_CLASS_DATA";

    /** A word of a shell, as far as quotes go. */
    private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"[^\"]*\")+");

    private static final Pattern QUOTED = Pattern.compile("'([^']*)'|\"([^\"]*)\"");
    private static final BigDecimal LONGEST = BigDecimal.valueOf(1_000_000_000);

    private Values() {}

    /** A number from 1, or max: one for each processor. */
    static int workers(String word) {
        return word.equals("max")
                ? Runtime.getRuntime().availableProcessors()
                : fromOne(
                        word,
                        "-w "
                                + word
                                + ": say how many workers, from 1, or max for one per"
                                + " processor");
    }

    /** How many new workers at once. */
    static int surge(String word) {
        return word.equals("all")
                ? Integer.MAX_VALUE
                : fromOne(
                        word,
                        "--surge " + word + ": say how many workers start at once, from 1, or all");
    }

    /** Who is replaced, as a word of its own name with hyphens. */
    static Restart restart(String word) {
        return Stream.of(Restart.values())
                .filter(each -> word.equals(hyphenated(each)))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UsageException(
                                        "--restart "
                                                + word
                                                + ": say which workers that end are replaced:"
                                                + " always, on-failure (all but those with exit"
                                                + " code 0), never, or unless-done (all but those"
                                                + " with code 0 that never listened)"));
    }

    private static String hyphenated(Restart restart) {
        return restart.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How many JVMs wait. */
    static int spares(String word) {
        return within(
                0,
                ClusterSettings.MOST_SPARES,
                word,
                "--spares %s: say how many JVMs wait to be workers, from 0 to %d"
                        .formatted(word, ClusterSettings.MOST_SPARES));
    }

    /**
     * The folder that the option names, else a variable, else where such things are; empty for
     * none.
     *
     * @param environment gives variables, null for one that there is not
     */
    static Optional<Path> classData(Optional<String> option, UnaryOperator<String> environment) {
        Optional<String> word = option.or(() -> Optional.ofNullable(environment.apply(CLASS_DATA)));
        if (word.isEmpty()) {
            return UsualFolder.of(environment);
        }
        return word.filter(folder -> !folder.equals("none"))
                .map(folder -> Path.of(folder).toAbsolutePath().normalize())
                .map(
                        folder -> {
                            if (!ClassDataFolder.canBe(folder)) {
                                throw new UsageException(
                                        "--class-data %s: name a folder without a colon in its path, or none"
                                                .formatted(word.get()));
                            }
                            return folder;
                        });
    }

    private static int fromOne(String word, String mistake) {
        return within(1, Integer.MAX_VALUE, word, mistake);
    }

    private static int within(int least, int most, String word, String mistake) {
        try {
            int count = Integer.parseInt(word);
            if (count >= least && count <= most) {
                return count;
            }
        } catch (NumberFormatException notANumber) {
            // As bad as one that is too small.
        }
        throw new UsageException(mistake);
    }

    /** A number, with a fraction or without, that is not negative. */
    static Duration seconds(String option, String word) {
        try {
            BigDecimal seconds = new BigDecimal(word);
            if (seconds.signum() >= 0 && seconds.compareTo(LONGEST) <= 0) {
                return Duration.ofMillis(seconds.movePointRight(3).longValue());
            }
        } catch (NumberFormatException notANumber) {
            // As bad as a negative one.
        }
        throw new UsageException(option + " " + word + ": say how many seconds, such as 30 or 0.5");
    }

    /** What a leave may take, of which one part is the connections'. */
    static LeaveTimes leave(Optional<String> drain, Optional<String> total) {
        LeaveTimes times =
                LeaveTimes.of(
                        drain.map(word -> seconds("--drain-timeout", word)),
                        total.map(word -> seconds("--stop-timeout", word)));
        if (times.isPossible()) {
            return times;
        }
        throw new UsageException(
                "--drain-timeout %s is longer than --stop-timeout %s, the time for all of a worker's end, of which it is a part"
                        .formatted(drain.orElseThrow(), total.orElseThrow()));
    }

    /** How all that is printed looks. */
    static OutputFormat output(String logFormat, boolean noPrefix) {
        return switch (logFormat) {
            case "text" -> noPrefix ? OutputFormat.PLAIN : OutputFormat.TEXT;
            case "json" -> {
                if (noPrefix) {
                    throw new UsageException(
                            "--log-format json has no prefix that --no-prefix could leave out: say"
                                    + " one of the two");
                }
                yield OutputFormat.JSON;
            }
            default ->
                    throw new UsageException(
                            "--log-format " + logFormat + ": there are text and json");
        };
    }

    /** As {@link #seconds}; empty for never. */
    static Optional<Duration> secondsOrNever(String option, String word) {
        return word.equals("never") ? Optional.empty() : Optional.of(seconds(option, word));
    }

    /** The option's, else that of the environment, if there is one. */
    static Optional<SchedulingPolicy> policy(Optional<String> option) {
        if (option.isPresent()) {
            try {
                return option.map(SchedulingPolicy::of);
            } catch (IllegalArgumentException e) {
                throw new UsageException(
                        "--policy "
                                + option.get()
                                + ": say rr (the primary chooses a worker, in turn), none (the"
                                + " system does) or reuseport (likewise, and each worker has its"
                                + " own queue)");
            }
        }
        try {
            return Optional.ofNullable(System.getenv(SchedulingPolicy.VARIABLE))
                    .map(SchedulingPolicy::of);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /**
     * Rules that can be read, and what follows them: who asks for any port and knows nothing of
     * other workers means one that nobody else has (SPEC F2). Not of an executable: it may be a
     * Node program, whose port 0 is the cluster's.
     */
    static Optional<String> ports(Optional<String> rules, ProgramArguments.Kind program) {
        try {
            rules.ifPresent(PortRules::parse);
            return program == ProgramArguments.Kind.EXECUTABLE
                    ? rules
                    : Optional.of(rules.map(some -> some + ",").orElse("") + ANY_PORT_IS_OWN);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "--ports "
                            + e.getMessage()
                            + "; say such as 9010=offset or 8000-8099=private,loopback:*=private");
        }
    }

    /** The words of a text, as a shell would split it. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int end = 0;
        Matcher word = WORD.matcher(text);
        while (word.find() && text.substring(end, word.start()).isBlank()) {
            words.add(QUOTED.matcher(word.group()).replaceAll("$1$2"));
            end = word.end();
        }
        if (!text.substring(end).isBlank()) {
            throw new UsageException("--jvm " + text + ": a quote has no end");
        }
        return words;
    }
}
