package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The list of the JDK's members that we use is what our class files use; with -Dprefork.update it
 * is written anew.
 */
class JdkInsidesTest {
    private static final Path FILE = Path.of("src/main/resources", JdkInsides.LIST);

    /** What is found by reflection is written by hand, below this. */
    private static final String BY_NAME = "# By name:";

    private static final Set<String> FINDS =
            Set.of("findVarHandle", "findStaticVarHandle", "findVirtual", "field", "method");

    /** All of ours, by their names as in class files. */
    private final Map<String, ClassModel> ours = ourClasses();

    @Test
    void givenOurClassFiles_whenTheirReferencesAreCollected_thenTheListHasThemAll()
            throws IOException {
        String collected = used().stream().map(line -> line + "\n").collect(Collectors.joining());
        String file = Files.readString(FILE);
        if (Boolean.getBoolean("prefork.update")) {
            String byHand = file.substring(file.indexOf(BY_NAME));
            Files.writeString(FILE, collected + "\n" + byHand);
            return;
        }

        assertThat(file).startsWith(collected + "\n" + BY_NAME);
        assertThat(used()).hasSizeGreaterThan(50);
    }

    @Test
    void givenWhatIsFoundByName_whenTheListIsRead_thenItHasTheNames() {
        List<String> names =
                ours.values().stream()
                        .flatMap(type -> type.methods().stream())
                        .flatMap(method -> method.code().stream())
                        .flatMap(JdkInsidesTest::namesFound)
                        .toList();

        assertThat(names).hasSizeGreaterThan(15);
        assertThat(JdkInsides.list().stream().map(line -> line.split(" ", -1)[1]))
                .containsAll(names);
    }

    @Test
    void givenThisJdk_whenAllOfTheListIsLookedFor_thenItIsThere() {
        assertThat(JdkInsides.list()).hasSizeGreaterThan(60);
        assertThat(JdkInsides.missing(JdkInsides.list().stream())).isEmpty();
        assertThat(JdkInsides.missing()).isEmpty();
    }

    @Test
    void givenAMemberThatThisJdkHasNot_whenLookedFor_thenOneSentenceSaysWhich() {
        for (String missing :
                List.of(
                        "sun.nio.ch.IOUtil fdVal ()I",
                        "sun.nio.ch.IOUtil gone (Ljava/io/FileDescriptor;)I",
                        "sun.nio.ch.Gone fdVal (Ljava/io/FileDescriptor;)I",
                        "sun.nio.ch.SocketChannelImpl <init> ()V",
                        "sun.nio.ch.EPollSelectorImpl epfd J")) {
            Stream<String> members = Stream.concat(JdkInsides.list().stream(), Stream.of(missing));

            assertThat(JdkInsides.missing(members))
                    .hasValueSatisfying(
                            sentence ->
                                    assertThat(sentence)
                                            .contains(missing, System.getProperty("java.home"))
                                            .contains("JAVA_HOME"));
        }
    }

    private static Map<String, ClassModel> ourClasses() {
        try (Stream<Path> files =
                Files.walk(
                        Path.of(
                                JdkInsides.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI()))) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(JdkInsidesTest::parse)
                    .collect(
                            Collectors.toMap(
                                    type -> type.thisClass().asInternalName(),
                                    Function.identity()));
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What our classes refer to, and what they override, of classes that are nobody's but the
     * JDK's.
     */
    private Set<String> used() {
        Set<String> all = new TreeSet<>();
        for (ClassModel type : ours.values()) {
            type.constantPool()
                    .forEach(
                            entry -> {
                                if (entry instanceof MemberRefEntry member) {
                                    add(
                                            all,
                                            member.owner().asInternalName(),
                                            member.name().stringValue(),
                                            member.type().stringValue());
                                }
                            });
            type.methods().stream()
                    .filter(JdkInsidesTest::mayOverride)
                    .forEach(
                            method ->
                                    overridden(
                                            all,
                                            type.superclass().orElseThrow().asInternalName(),
                                            method));
        }
        return all;
    }

    private static boolean mayOverride(MethodModel method) {
        Set<AccessFlag> flags = method.flags().flags();
        return !flags.contains(AccessFlag.PRIVATE)
                && !flags.contains(AccessFlag.STATIC)
                && !flags.contains(AccessFlag.SYNTHETIC)
                && !method.methodName().equalsString("<init>");
    }

    private void overridden(Set<String> all, String superclass, MethodModel method) {
        String name = method.methodName().stringValue();
        String descriptor = method.methodType().stringValue();
        if (isInside(superclass)
                && JdkInsides.missing(Stream.of(line(superclass, name, descriptor))).isEmpty()) {
            all.add(line(superclass, name, descriptor));
        }
    }

    /** A member that ours have inherited is its first owner's in the JDK. */
    private void add(Set<String> all, String owner, String name, String descriptor) {
        String found = owner;
        while (ours.containsKey(found) && !declares(ours.get(found), name, descriptor)) {
            found = ours.get(found).superclass().orElseThrow().asInternalName();
        }
        if (isInside(found)) {
            all.add(line(found, name, descriptor));
        }
    }

    private static boolean declares(ClassModel type, String name, String descriptor) {
        return Stream.concat(
                        type.methods().stream()
                                .map(
                                        method ->
                                                method.methodName().stringValue()
                                                        + method.methodType().stringValue()),
                        type.fields().stream()
                                .map(
                                        field ->
                                                field.fieldName().stringValue()
                                                        + field.fieldType().stringValue()))
                .anyMatch((name + descriptor)::equals);
    }

    private boolean isInside(String type) {
        return !ours.containsKey(type)
                && (type.startsWith("sun/") || type.startsWith("jdk/internal/"));
    }

    private static String line(String owner, String name, String descriptor) {
        return owner.replace('/', '.') + " " + name + " " + descriptor;
    }

    /** The texts that stand before a call of what finds members. */
    private static Stream<String> namesFound(CodeModel code) {
        List<String> names = new ArrayList<>();
        String last = null;
        for (CodeElement element : code.elementList()) {
            if (element instanceof ConstantInstruction constant
                    && constant.constantValue() instanceof String text) {
                last = text;
            } else if (element instanceof InvokeInstruction call && isFind(call) && last != null) {
                names.add(last);
                last = null;
            }
        }
        return names.stream();
    }

    private static boolean isFind(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        return FINDS.contains(call.name().stringValue())
                && (owner.equals(MethodHandles.Lookup.class.getName().replace('.', '/'))
                        || owner.equals(Insides.class.getName().replace('.', '/')));
    }
}
