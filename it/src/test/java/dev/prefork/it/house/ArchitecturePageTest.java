package dev.prefork.it.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** docs/architecture.md and docs/security.md name what there is. */
class ArchitecturePageTest {
    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private static final List<String> PAGES = List.of("docs/architecture.md", "docs/security.md");

    /** A class in the text, and a method or constant of it; not a word in capitals. */
    private static final Pattern TYPE =
            Pattern.compile("`(?<type>[A-Z]\\w*[a-z]\\w*)(?:\\.(?<member>\\w+))?`");

    private static final Pattern PACKAGE = Pattern.compile("`(?<name>dev\\.prefork[a-z.]*)`");
    private static final Pattern THREAD = Pattern.compile("`(?<name>(?:cluster|prefork)-\\w+)`");
    private static final Pattern TEST = Pattern.compile(".*(Test|IT)");

    /** Modules whose main code nobody else has at run time. */
    private static final Set<String> FOR_TESTS = Set.of("it", "servers");

    @Test
    void everyClassThatIsNamedExists() throws IOException {
        Set<String> classes = names(sources("src"));

        for (String page : PAGES) {
            assertThat(found(page, TYPE, "type")).as(page).isNotEmpty().isSubsetOf(classes);
        }
    }

    @Test
    void everyMethodThatIsNamedExists() throws IOException {
        List<Path> sources = sources("src");

        for (String page : PAGES) {
            for (Matcher named : matches(page, TYPE)) {
                if (named.group("member") != null) {
                    assertThat(sources)
                            .as(page + ": " + named.group())
                            .anyMatch(
                                    source ->
                                            name(source).equals(named.group("type"))
                                                    && says(source, named.group("member")));
                }
            }
        }
    }

    @Test
    void everyPackageOfMainCodeIsNamedAndNoOther() throws IOException {
        Set<String> packages =
                sources("src/main").stream()
                        .filter(source -> !FOR_TESTS.contains(module(source)))
                        .map(ArchitecturePageTest::packageOf)
                        .filter(name -> name.startsWith("dev.prefork"))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(found(PAGES.getFirst(), PACKAGE, "name")).isEqualTo(packages);
    }

    @Test
    void everyThreadThatIsNamedIsStarted() throws IOException {
        List<Path> sources = sources("src/main");

        assertThat(found(PAGES.getFirst(), THREAD, "name"))
                .isNotEmpty()
                .allMatch(
                        thread ->
                                sources.stream()
                                        .anyMatch(source -> says(source, "\"" + thread + "\"")));
    }

    /** Who reads of a test wants to find it. */
    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Set<String> tests = names(sources("src/test"));

        assertThat(found("docs/security.md", TYPE, "type"))
                .filteredOn(name -> TEST.matcher(name).matches())
                .isNotEmpty()
                .isSubsetOf(tests);
    }

    private static Set<String> found(String page, Pattern pattern, String group)
            throws IOException {
        return matches(page, pattern).stream()
                .map(match -> match.group(group))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Matcher> matches(String page, Pattern pattern) throws IOException {
        String text = Files.readString(PROJECT.resolve(page));
        Matcher all = pattern.matcher(text);
        return all.results()
                .map(
                        result -> {
                            Matcher one = pattern.matcher(text);
                            one.find(result.start());
                            return one;
                        })
                .toList();
    }

    private static List<Path> sources(String below) throws IOException {
        try (Stream<Path> modules = Files.list(PROJECT)) {
            List<Path> folders =
                    modules.map(module -> module.resolve(below))
                            .filter(Files::isDirectory)
                            .toList();
            List<Path> all = new ArrayList<>();
            for (Path folder : folders) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
                }
            }
            return all;
        }
    }

    private static Set<String> names(List<Path> sources) {
        return sources.stream().map(ArchitecturePageTest::name).collect(Collectors.toSet());
    }

    private static String name(Path source) {
        return source.getFileName().toString().replace(".java", "");
    }

    private static String module(Path source) {
        return PROJECT.relativize(source).getName(0).toString();
    }

    private static String packageOf(Path source) {
        return PROJECT.relativize(source.getParent())
                .toString()
                .replaceFirst(".*/src/main/java/?", "")
                .replace('/', '.');
    }

    private static boolean says(Path source, String word) {
        try {
            return Files.readString(source).contains(word);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
