package dev.prefork.it.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One place in the test sources that cites a rule: {@code @Rule} or {@code SPEC A4, C3} in the
 * javadoc, on a test class or a test method.
 *
 * @param rule such as {@code A4}
 * @param file of the test class
 * @param method empty when the whole class cites the rule
 */
record Citation(String rule, Path file, Optional<String> method) {
    private static final Pattern NUMBER = Pattern.compile("\\b[A-Z]\\d+\\b");

    /** In the order of the alternatives: citations in two forms, then what they may be on. */
    private static final Pattern TOKEN =
            Pattern.compile(
                    """
                    (?mxs)
                      ^\\ *@Rule\\( (?<rule> [^)]* ) \\)
                    | /\\*\\* (?<javadoc> .*? ) \\*/
                    | ^(?:final\\ |abstract\\ |public\\ )* class\\ (?<type> \\w+ )
                    | ^\\ +(?:final\\ |static\\ )* (?:class|record|enum|interface)\\ (?<nested> \\w+ )
                    | ^\\ +(?:public\\ )?void\\ (?<method> \\w+ )\\(
                    """);

    private static final Pattern IN_JAVADOC =
            Pattern.compile("SPEC(?:\\s|\\*)+([A-Z]\\d+(?:,(?:\\s|\\*)*[A-Z]\\d+)*)");

    /** All in the tests of all modules, by file and then from top to bottom. */
    static List<Citation> in(Path project) throws IOException {
        List<Path> tests;
        try (Stream<Path> modules = Files.list(project)) {
            tests =
                    modules.map(module -> module.resolve("src/test/java"))
                            .filter(Files::isDirectory)
                            .flatMap(Citation::testsIn)
                            .sorted()
                            .toList();
        }
        List<Citation> all = new ArrayList<>();
        for (Path test : tests) {
            all.addAll(in(project.relativize(test), Files.readString(test)));
        }
        return all;
    }

    private static Stream<Path> testsIn(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files
                    .filter(file -> file.toString().matches(".*(Test|IT)\\.java"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static List<Citation> in(Path file, String source) {
        List<Citation> found = new ArrayList<>();
        Set<String> pending = new LinkedHashSet<>();
        for (Matcher token = TOKEN.matcher(source); token.find(); ) {
            if (token.group("rule") != null) {
                pending.addAll(numbers(token.group("rule")));
            } else if (token.group("javadoc") != null) {
                Matcher citations = IN_JAVADOC.matcher(token.group("javadoc"));
                while (citations.find()) {
                    pending.addAll(numbers(citations.group(1)));
                }
            } else {
                Optional<String> method = Optional.ofNullable(token.group("method"));
                if (token.group("nested") == null) {
                    pending.forEach(rule -> found.add(new Citation(rule, file, method)));
                }
                pending.clear();
            }
        }
        return found;
    }

    private static List<String> numbers(String text) {
        return NUMBER.matcher(text).results().map(match -> match.group()).toList();
    }
}
