package dev.prefork.it.house;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The table docs/conformance.md says which tests prove which rule, as the tests themselves do. */
class ConformanceTest {
    private static final String UPDATE =
            "mvn test -pl it -am -Dprefork.update -Dtest=ConformanceTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false";

    private static final String HEAD =
            """
            # Conformance: every rule and its tests

            Made from the tests; the build fails when it is not up to date. This writes it anew:

                %s

            A test class without a method after it cites the rule as a whole.

            """
                    .formatted(UPDATE);

    private static final Path PROJECT = project();

    /**
     * A line of rules.txt.
     *
     * @param isLater planned, so that a missing test is no news
     */
    private record Rule(String number, boolean isLater, String title) {
        private static final Pattern LINE = Pattern.compile("([A-Z]\\d+) (\\(later\\) )?(.+)");

        static Rule of(String line) {
            Matcher matcher = LINE.matcher(line);
            assertThat(matcher.matches()).as(line).isTrue();
            return new Rule(matcher.group(1), matcher.group(2) != null, matcher.group(3));
        }
    }

    @Test
    void everyCitedRuleExists() throws IOException {
        List<String> numbers = rules().stream().map(Rule::number).toList();

        assertThat(numbers).doesNotHaveDuplicates();
        assertThat(Citation.in(PROJECT)).allMatch(citation -> numbers.contains(citation.rule()));
    }

    @Test
    void theTableIsUpToDate() throws IOException {
        Path file = PROJECT.resolve("docs/conformance.md");
        String table = table(rules(), Citation.in(PROJECT));
        if (Boolean.getBoolean("prefork.update")) {
            Files.writeString(file, table);
        }

        assertThat(file).as("the table of rules; write it with: %s", UPDATE).exists();
        List<String> written = Files.readAllLines(file);
        assertThat(table.lines().filter(line -> !written.contains(line)))
                .as("what docs/conformance.md lacks; write it anew with: %s", UPDATE)
                .isEmpty();
        assertThat(written)
                .as(
                        "docs/conformance.md has more than the tests cite; write it anew with: %s",
                        UPDATE)
                .hasSameSizeAs(table.lines().toList());
    }

    @Test
    void citationsAreFoundInBothFormsOnClassesAndMethods() {
        String source =
                """
                /** Channels. SPEC C1,
                 * C2. */
                class SomeTest {
                    /** SPEC D1: of the helper, not of a test. */
                    static final class Helper {}

                    @Rule({
                        "A1", "A2"
                    })
                    @Test
                    void both() {}

                    /** Again (SPEC E1). */
                    @Test
                    void javadoc() {}

                    @Test
                    void nothing() {}
                }
                """;

        assertThat(Citation.in(Path.of("SomeTest.java"), source))
                .extracting(found -> found.rule() + " " + found.method().orElse("class"))
                .containsExactly("C1 class", "C2 class", "A1 both", "A2 both", "E1 javadoc");
    }

    private static String table(List<Rule> rules, List<Citation> citations) {
        StringBuilder text = new StringBuilder(HEAD);
        List<String> without =
                rules.stream()
                        .filter(rule -> !rule.isLater() && of(rule, citations).isEmpty())
                        .map(Rule::number)
                        .toList();
        text.append(
                without.isEmpty()
                        ? "Every rule that is not planned for later has a test.\n\n"
                        : "Rules without a test: " + String.join(", ", without) + ".\n\n");
        text.append("| rule | in a few words | tests |\n|---|---|---|\n");
        for (Rule rule : rules) {
            text.append(
                    "| %s | %s | %s |\n"
                            .formatted(rule.number(), rule.title(), cell(rule, citations)));
        }
        return text.toString();
    }

    private static String cell(Rule rule, List<Citation> citations) {
        Map<Path, List<Citation>> byFile =
                of(rule, citations).stream()
                        .collect(
                                Collectors.groupingBy(
                                        Citation::file, TreeMap::new, Collectors.toList()));
        String tests =
                byFile.entrySet().stream()
                        .map(entry -> link(entry.getKey()) + methods(entry.getValue()))
                        .collect(Collectors.joining("<br>"));
        if (rule.isLater()) {
            return tests.isEmpty() ? "later" : "later; so far<br>" + tests;
        }
        return tests.isEmpty() ? "**none yet**" : tests;
    }

    private static List<Citation> of(Rule rule, List<Citation> citations) {
        return citations.stream().filter(found -> found.rule().equals(rule.number())).toList();
    }

    private static String link(Path file) {
        return "[%s](../%s)".formatted(file.getFileName().toString().replace(".java", ""), file);
    }

    private static String methods(List<Citation> citations) {
        if (citations.stream().anyMatch(found -> found.method().isEmpty())) {
            return "";
        }
        return citations.stream()
                .flatMap(found -> found.method().stream())
                .distinct()
                .map(name -> " " + name)
                .collect(Collectors.joining(","));
    }

    private static List<Rule> rules() throws IOException {
        try (InputStream file = ConformanceTest.class.getResourceAsStream("/house/rules.txt")) {
            return new String(file.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Rule::of)
                    .toList();
        }
    }

    /** The folder with all modules: Maven runs tests in their module's. */
    private static Path project() {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    }
}
