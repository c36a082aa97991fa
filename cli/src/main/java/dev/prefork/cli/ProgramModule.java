package dev.prefork.cli;

import java.io.File;
import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program named as java's {@code -m} takes it.
 *
 * @param mainClass empty when the module itself is to say
 * @param path where it is looked for, before the JDK
 */
record ProgramModule(String name, Optional<String> mainClass, String path) {
    /** {@code module} or {@code module/main.Class}. */
    static ProgramModule of(String word, List<String> jvmOptions) {
        String[] parts = word.split("/", 2);
        return new ProgramModule(
                parts[0],
                parts.length == 1 ? Optional.empty() : Optional.of(parts[1]),
                path(jvmOptions));
    }

    private static String path(List<String> options) {
        return Stream.of(JavaOptions.UPGRADE_MODULE_PATH, JavaOptions.MODULE_PATH)
                .flatMap(names -> JavaOptions.value(options, names).stream())
                .reduce((upgrade, rest) -> upgrade + File.pathSeparator + rest)
                .orElse("");
    }

    boolean exists() {
        return find().isPresent();
    }

    /**
     * Checks that it can be run.
     *
     * @throws UsageException that says what to write instead
     */
    void check() {
        Optional<ModuleReference> module = find();
        if (module.isEmpty()) {
            throw new UsageException(
                    "there is no module %s in %s; check its name, or say where it is: prefork run -p PATH -m %s"
                            .formatted(
                                    name,
                                    path.isEmpty() ? "the JDK" : "the module path " + path,
                                    asWord()));
        }
        if (mainClass.isEmpty() && module.get().descriptor().mainClass().isEmpty()) {
            throw new UsageException(
                    "the module %s names no main class; say which: prefork run -m %s/com.acme.Main"
                            .formatted(name, name));
        }
        mainClass.ifPresent(main -> check(module.get(), main));
    }

    private void check(ModuleReference module, String main) {
        try (ModuleReader reader = module.open()) {
            if (reader.find(main.replace('.', '/') + ".class").isEmpty()) {
                throw new UsageException(
                        "there is no class %s in the module %s; check its name"
                                .formatted(main, name));
            }
        } catch (IOException e) {
            throw new UsageException("the module " + name + " cannot be read: " + e.getMessage());
        }
    }

    private Optional<ModuleReference> find() {
        Path[] places =
                Stream.of(path.split(File.pathSeparator, -1))
                        .filter(place -> !place.isEmpty())
                        .map(Path::of)
                        .toArray(Path[]::new);
        try {
            return ModuleFinder.compose(ModuleFinder.of(places), ModuleFinder.ofSystem())
                    .find(name);
        } catch (FindException e) {
            throw new UsageException("the module path " + path + ": " + e.getMessage());
        }
    }

    private String asWord() {
        return mainClass.map(main -> name + "/" + main).orElse(name);
    }

    /** As the cluster's settings name it. */
    String exec() {
        return name + "/" + mainClass.orElse("");
    }
}
