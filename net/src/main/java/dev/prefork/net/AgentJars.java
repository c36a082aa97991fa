package dev.prefork.net;

import jdk.internal.misc.VM;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jars of this JVM's Java agents, wherever it was told of them: the command line, argument
 * files, JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS and _JAVA_OPTIONS. A jar that is on the class path too
 * is the program's.
 */
public final class AgentJars {
    private static final String OPTION = "-javaagent:";

    /** The inside of a jar file, as class loaders of jars in jars name it. */
    private static final Pattern INSIDE = Pattern.compile("^jar:|!/.*$");

    /** Made when it is first asked for: not before the agents' classes. */
    private static final class Holder {
        static final Set<Path> JARS = find();
    }

    private AgentJars() {}

    private static Set<Path> find() {
        Set<Path> program =
                Pattern.compile(Pattern.quote(File.pathSeparator))
                        .splitAsStream(System.getProperty("java.class.path", ""))
                        .map(AgentJars::canonical)
                        .collect(Collectors.toSet());
        return Stream.ofNullable(VM.getRuntimeArguments())
                .flatMap(Arrays::stream)
                .filter(option -> option.startsWith(OPTION))
                .map(option -> option.substring(OPTION.length()).replaceFirst("=.*", ""))
                .map(AgentJars::canonical)
                .filter(jar -> !program.contains(jar))
                .collect(Collectors.toSet());
    }

    private static Path canonical(String file) {
        try {
            return new File(file).getCanonicalFile().toPath();
        } catch (IOException noFile) {
            return Path.of(file).toAbsolutePath();
        }
    }

    /** Whether the class comes from one of them. */
    public static boolean contain(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null || Holder.JARS.isEmpty()) {
            return false;
        }
        try {
            String file = INSIDE.matcher(source.getLocation().toString()).replaceAll("");
            return Holder.JARS.contains(canonical(Path.of(URI.create(file)).toString()));
        } catch (RuntimeException noFile) {
            return false;
        }
    }
}
