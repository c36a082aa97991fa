package dev.prefork.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The members of the JDK's own classes that ours use though no document promises them. A JDK may be
 * without one of them; it is found out at the start of a worker, not by an Error in the middle of
 * an accept.
 *
 * <p>Their list is a resource, a line each: class, name, descriptor. JdkInsidesTest compares it
 * with our class files.
 */
public final class JdkInsides {
    static final String LIST = "META-INF/prefork/jdk-insides.txt";

    /** On which the tests run. Those before have other insides, see PreforkAgent. */
    private static final Set<Integer> KNOWN = Set.of(25);

    private static final char COMMENT = '#';
    private static final String CONSTRUCTOR = "<init>";

    private JdkInsides() {}

    /**
     * A sentence for the user when this JDK is without something. One that is known is not looked
     * at, so that this costs nothing there; another one costs some milliseconds.
     */
    public static Optional<String> missing() {
        return KNOWN.contains(Runtime.version().feature())
                ? Optional.empty()
                : missing(list().stream());
    }

    /**
     * As {@link #missing()}, whatever this JDK is.
     *
     * @param members lines of the list
     */
    static Optional<String> missing(Stream<String> members) {
        return members.filter(line -> !isThere(line))
                .findFirst()
                .map(
                        line ->
                                "the Java "
                                        + Runtime.version()
                                        + " in "
                                        + System.getProperty("java.home")
                                        + " is another inside than those that Prefork knows: it has"
                                        + " no "
                                        + line
                                        + "; take Java 25, by JAVA_HOME or PATH, or a newer"
                                        + " Prefork");
    }

    /** The members that we use. */
    static List<String> list() {
        try {
            return new String(Hook.read(LIST), UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && line.charAt(0) != COMMENT)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThere(String line) {
        List<String> words = List.of(line.split(" ", -1));
        String name = words.get(1);
        String descriptor = words.get(2);
        try {
            Class<?> type = Class.forName(words.get(0), false, null);
            Stream<String> members =
                    name.equals(CONSTRUCTOR)
                            ? Arrays.stream(type.getDeclaredConstructors()).map(JdkInsides::member)
                            : withSupertypes(type).stream().flatMap(JdkInsides::members);
            return members.anyMatch((name + " " + descriptor)::equals);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static List<Class<?>> withSupertypes(Class<?> type) {
        List<Class<?>> all = new ArrayList<>();
        for (Class<?> next = type; next != null; next = next.getSuperclass()) {
            all.add(next);
            Arrays.stream(next.getInterfaces())
                    .map(JdkInsides::withSupertypes)
                    .forEach(all::addAll);
        }
        return all;
    }

    private static Stream<String> members(Class<?> type) {
        return Stream.concat(
                Arrays.stream(type.getDeclaredMethods()).map(JdkInsides::member),
                Arrays.stream(type.getDeclaredFields()).map(JdkInsides::member));
    }

    private static String member(Constructor<?> constructor) {
        return CONSTRUCTOR + " " + descriptor(void.class, constructor.getParameterTypes());
    }

    private static String member(Method method) {
        return method.getName()
                + " "
                + descriptor(method.getReturnType(), method.getParameterTypes());
    }

    private static String member(Field field) {
        return field.getName() + " " + field.getType().descriptorString();
    }

    private static String descriptor(Class<?> result, Class<?>... parameters) {
        return MethodType.methodType(result, parameters).descriptorString();
    }
}
