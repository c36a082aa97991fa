package dev.prefork.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;

/**
 * The classes of our own jar, all of which can be loaded while it is still there (SPEC F10): the
 * JVM loads a class when it is first used, and a new version may lie in the jar's place by then.
 */
final class OwnClasses {
    private static final String OURS = "dev/prefork/";

    /** It has done its work when there are workers. */
    private static final String PICOCLI = "dev/prefork/shaded/picocli/";

    private static final String CLASS = ".class";

    private OwnClasses() {}

    /** Loads them on a thread of its own; nothing when we are not in a jar. */
    static void loadInBackground() {
        jar().ifPresent(
                        jar ->
                                Thread.ofPlatform()
                                        .name("prefork-classes")
                                        .daemon()
                                        .start(() -> load(jar, OwnClasses.class.getClassLoader())));
    }

    private static Optional<Path> jar() {
        CodeSource source = OwnClasses.class.getProtectionDomain().getCodeSource();
        try {
            return Optional.of(Path.of(source.getLocation().toURI())).filter(Files::isRegularFile);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("our own code source is no file", e);
        }
    }

    /** Returns how many were loaded; without initialising any. */
    static int load(Path jar, ClassLoader loader) {
        int loaded = 0;
        for (String name : names(jar)) {
            try {
                loader.loadClass(name);
                loaded++;
            } catch (ClassNotFoundException | LinkageError neededByWorkersOnly) {
                // Or the jar is gone already: who needs the class will say so.
            }
        }
        return loaded;
    }

    private static List<String> names(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(OURS) && name.endsWith(CLASS))
                    .filter(name -> !name.startsWith(PICOCLI))
                    .map(name -> name.substring(0, name.length() - CLASS.length()))
                    .map(name -> name.replace('/', '.'))
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
