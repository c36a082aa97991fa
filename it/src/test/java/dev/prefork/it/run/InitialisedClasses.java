package dev.prefork.it.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which classes of the JDK may be initialised in a worker before its program's main, and why: the
 * file {@code initialised-before-main.txt}.
 *
 * <p>A line is a name and its reason. A name that ends in {@code *} stands for all that begin so,
 * except for those that read a system property: these are named one by one.
 */
record InitialisedClasses(Map<String, String> reasons) {
    private static final String FILE = "initialised-before-main.txt";

    private static final Set<String> READERS =
            Set.of(
                    "java/lang/System.getProperty",
                    "java/lang/Boolean.getBoolean",
                    "java/lang/Integer.getInteger",
                    "java/lang/Long.getLong",
                    "java/security/Security.getProperty",
                    "sun/net/NetProperties.get",
                    "sun/security/util/SecurityProperties.getOverridableProperty");

    static InitialisedClasses explained() throws IOException {
        try (InputStream file = InitialisedClasses.class.getResourceAsStream(FILE)) {
            Map<String, String> reasons = new LinkedHashMap<>();
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(
                            line -> {
                                String[] words = line.split("\\s+", 2);
                                reasons.put(words[0], words[1]);
                            });
            return new InitialisedClasses(reasons);
        }
    }

    /** What is wrong with these classes; nothing if all are explained. */
    List<String> complaintsOf(Collection<String> classes) {
        List<String> complaints = new ArrayList<>();
        for (String name : classes) {
            if (!reasons.containsKey(name)) {
                if (readsProperties(name)) {
                    complaints.add(name + " reads system properties, and " + FILE + " has it not");
                } else if (!isInAGroup(name)) {
                    complaints.add(name + " is not in " + FILE);
                }
            }
        }
        return complaints;
    }

    private boolean isInAGroup(String name) {
        return reasons.keySet().stream()
                .filter(group -> group.endsWith("*"))
                .anyMatch(group -> name.startsWith(group.substring(0, group.length() - 1)));
    }

    /** Whether any of its methods does, which may be called by its initialiser. */
    private static boolean readsProperties(String name) {
        return bytes(name).map(ClassFile.of()::parse).filter(InitialisedClasses::reads).isPresent();
    }

    private static boolean reads(ClassModel type) {
        return type.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .anyMatch(
                        element ->
                                element instanceof InvokeInstruction call
                                        && READERS.contains(
                                                call.owner().asInternalName()
                                                        + "."
                                                        + call.name().stringValue()));
    }

    /** Empty for a class that is not of this JDK. */
    private static Optional<byte[]> bytes(String name) {
        FileSystem jdk = FileSystems.getFileSystem(URI.create("jrt:/"));
        String file = name.replace('.', '/') + ".class";
        try (Stream<Path> modules = Files.list(jdk.getPath("modules"))) {
            Optional<Path> found =
                    modules.map(module -> module.resolve(file)).filter(Files::exists).findFirst();
            return found.isPresent()
                    ? Optional.of(Files.readAllBytes(found.get()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
