package dev.prefork.launch;

import dev.prefork.ForkException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;

/**
 * An executable jar, by what {@code java -jar} reads from its manifest and {@code java -cp} does
 * not.
 *
 * @param mainClass as the manifest names it
 * @param options that stand for the manifest's other attributes
 */
record ProgramJar(String mainClass, List<String> options) {
    /**
     * Where the JVM finds the file that has this directory for its own, or ours if there is none.
     */
    static String in(Optional<Path> directory, String name) {
        return name.startsWith("/")
                ? name
                : directory.map(where -> where + "/" + name).orElse(name);
    }

    /**
     * The file of this name.
     *
     * @throws ForkException when there is none
     */
    static Path file(String name) {
        try {
            Path file = Path.of(name);
            if (Files.isRegularFile(file)) {
                return file;
            }
            throw new ForkException("cannot fork: there is no file " + file.toAbsolutePath(), null);
        } catch (InvalidPathException e) {
            throw new ForkException("cannot fork: exec=" + name + " can name no file here", e);
        }
    }

    static boolean isFile(String name) {
        try {
            return Files.isRegularFile(Path.of(name));
        } catch (InvalidPathException noName) {
            return false;
        }
    }

    /** Whether it is a zip file, whatever its name, such as {@code app.war}. */
    static boolean isArchive(String name) {
        try (ZipFile archive = new ZipFile(name)) {
            return archive.size() > 0;
        } catch (IOException noArchive) {
            return false;
        }
    }

    /**
     * Reads its manifest, at each fork: the file may be another one by then.
     *
     * @throws ForkException when it is no jar, or cannot be read now
     * @throws IllegalArgumentException when its manifest names no main class
     */
    static ProgramJar read(Path file) {
        Attributes manifest = manifest(file);
        String mainClass = manifest.getValue(Attributes.Name.MAIN_CLASS);
        if (mainClass == null) {
            throw new IllegalArgumentException("exec=" + file + ": the manifest has no Main-Class");
        }
        List<String> options = new ArrayList<>();
        add(options, "--add-exports=", manifest.getValue("Add-Exports"));
        add(options, "--add-opens=", manifest.getValue("Add-Opens"));
        return new ProgramJar(mainClass.strip(), List.copyOf(options));
    }

    /** The main class that its manifest names, if there is such a file. */
    static Optional<String> mainClassOf(String name) {
        try {
            return Optional.of(read(Path.of(name)).mainClass());
        } catch (ForkException | IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private static Attributes manifest(Path file) {
        try (JarFile jar = new JarFile(file.toFile())) {
            return Optional.ofNullable(jar.getManifest())
                    .map(Manifest::getMainAttributes)
                    .orElseGet(Attributes::new);
        } catch (IOException e) {
            throw new ForkException("cannot fork: cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static void add(List<String> options, String option, String packages) {
        if (packages != null && !packages.isBlank()) {
            for (String name : packages.strip().split("\\s+", -1)) {
                options.add(option + name + "=" + WorkerJvm.EVERYBODY);
            }
        }
    }
}
