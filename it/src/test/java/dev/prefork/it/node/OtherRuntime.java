package dev.prefork.it.node;

import dev.prefork.it.support.Command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Those that run Node's programs and are no Node; their versions are pinned in it/pom.xml. */
enum OtherRuntime {
    DENO("prefork.deno", "run", "--allow-all", "--quiet"),
    BUN("prefork.bun", "run");

    private final String property;
    private final List<String> words;

    OtherRuntime(String property, String... words) {
        this.property = property;
        this.words = List.of(words);
    }

    private String executable() {
        return Optional.ofNullable(System.getProperty(property))
                .orElseThrow(() -> new IllegalStateException(property + " must say where it is"));
    }

    /**
     * A Java primary of workers that run a script of the test resources on it.
     *
     * @param folder of the test, where it may keep what it likes
     */
    Command javaPrimary(Path folder, String policy, String script, String... listens)
            throws IOException {
        // Deno takes a .js for a module unless a package.json says otherwise.
        Path copy = folder.resolve(script.replace(".js", ".cjs"));
        Files.copy(Path.of(Scripts.path(script)), copy);
        List<Object> arguments = new ArrayList<>(List.of(executable()));
        arguments.addAll(words);
        arguments.add(copy);
        arguments.addAll(List.of(listens));
        return Command.java(JavaPrimary.class, arguments.toArray())
                .with("NODE_CLUSTER_SCHED_POLICY", policy)
                .with("HOME", folder.toString())
                .with("DENO_DIR", folder.resolve("deno").toString())
                .with("DENO_NO_UPDATE_CHECK", "1")
                .with("DO_NOT_TRACK", "1");
    }
}
