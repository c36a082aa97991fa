package dev.prefork.it.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The API, as a program that was compiled against it sees it: docs/api.txt lists it, so that no
 * change of it is made unseen, and what a release had the next ones of that major version have.
 */
class ApiTest {
    private static final String UPDATE =
            "mvn test -pl it -am -Dprefork.update -Dtest=ApiTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false";

    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private static final String LIST = "docs/api.txt";

    private static final Pattern OF_EVERY_OBJECT =
            Pattern.compile(
                    ".*[.](equals[(]java[.]lang[.]Object[)]|hashCode[(][)]|toString[(][)])");

    @Test
    void theListIsUpToDate() throws Exception {
        Path file = PROJECT.resolve(LIST);
        List<String> api = api();
        if (Boolean.getBoolean("prefork.update")) {
            Files.write(file, api);
        }

        assertThat(api)
                .as("%s is what the API was; write it anew with: %s", LIST, UPDATE)
                .isEqualTo(Files.readAllLines(file));
    }

    @Test
    void nothingOfTheLastReleaseIsGone() throws Exception {
        Optional<String> release = lastRelease();
        assumeTrue(release.isPresent(), "nothing of this major version is released yet");
        Optional<String> old = git("show", release.get() + ":" + LIST);
        assertThat(old).as("%s of %s", LIST, release.get()).isPresent();

        assertThat(gone(old.get().lines().toList(), api()))
                .as("what programs of %s may use", release.get())
                .isEmpty();
    }

    @Test
    void aMethodWithAnotherTypeIsGone() {
        assertThat(gone(List.of("public int A.a()", "public A()"), List.of("public A()", "b")))
                .containsExactly("public int A.a()");
    }

    private static List<String> gone(List<String> old, List<String> now) {
        return old.stream().filter(line -> !now.contains(line)).toList();
    }

    // ---- releases ----

    /** Its tag is such as v0.1.0. */
    private static Optional<String> lastRelease() throws Exception {
        String major =
                Files.readString(PROJECT.resolve("pom.xml"))
                        .replaceFirst("(?s).*?<version>(\\d+)\\..*", "$1");
        return git("describe", "--tags", "--abbrev=0", "--match", "v" + major + ".*");
    }

    /** What it prints, if it does what it is asked. */
    private static Optional<String> git(String... words) throws Exception {
        Process git =
                new ProcessBuilder(Stream.concat(Stream.of("git"), Arrays.stream(words)).toList())
                        .directory(PROJECT.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String output = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
        return git.waitFor() == 0 ? Optional.of(output) : Optional.empty();
    }

    // ---- the API as lines, each of which says all of what it is about ----

    private static List<String> api() throws IOException, ClassNotFoundException {
        ClassLoader loader = ApiTest.class.getClassLoader();
        List<String> lines = new ArrayList<>();
        for (File source : sources()) {
            String name = source.getName().replace(".java", "");
            if (!name.equals("package-info")) {
                add(Class.forName("dev.prefork." + name, false, loader), lines);
            }
        }
        return List.copyOf(lines);
    }

    private static List<File> sources() throws IOException {
        try (Stream<Path> files =
                Files.list(PROJECT.resolve("cluster/src/main/java/dev/prefork"))) {
            return files.map(Path::toFile)
                    .filter(file -> file.getName().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private static void add(Class<?> type, List<String> lines) {
        if (!isSeen(type.getModifiers())) {
            return;
        }
        lines.add(
                type.toGenericString()
                        + types(" extends ", superclass(type))
                        + types(" implements ", Stream.of(type.getGenericInterfaces()))
                        + types(" permits ", permitted(type)));
        Stream.<AccessibleObject[]>of(
                        type.getDeclaredFields(),
                        type.getDeclaredConstructors(),
                        type.getDeclaredMethods())
                .flatMap(Stream::of)
                .map(Member.class::cast)
                .filter(member -> isSeen(member.getModifiers()) && !member.isSynthetic())
                .map(ApiTest::line)
                .filter(line -> !OF_EVERY_OBJECT.matcher(line).matches())
                .sorted()
                .forEach(lines::add);
        Stream.of(type.getDeclaredClasses())
                .sorted(Comparator.comparing(Class::getName))
                .forEach(nested -> add(nested, lines));
    }

    private static boolean isSeen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    /** Whether a method has a body is no matter to who calls it. */
    private static String line(Member member) {
        return member instanceof Executable executable
                ? executable.toGenericString().replaceFirst("\\b(abstract|default) ", "")
                : ((Field) member).toGenericString();
    }

    private static Stream<Type> superclass(Class<?> type) {
        return Stream.ofNullable(type.getGenericSuperclass())
                .filter(above -> !above.equals(Object.class));
    }

    private static Stream<Class<?>> permitted(Class<?> type) {
        return type.isSealed() ? Stream.of(type.getPermittedSubclasses()) : Stream.empty();
    }

    private static String types(String before, Stream<? extends Type> types) {
        String names = types.map(Type::getTypeName).collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : before + names;
    }
}
