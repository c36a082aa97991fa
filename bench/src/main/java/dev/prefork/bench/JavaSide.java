package dev.prefork.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A build of ours: this one, or that of another checkout. Both run on the JDK that runs us, each
 * with nothing but its own classes.
 *
 * @param prefork the command
 * @param cache where its processes keep what they can do without
 */
record JavaSide(String name, String classPath, PreforkJvm prefork, Path cache) implements Side {
    /** What a primary that sends handles needs. */
    private static final Map<String, List<String>> MORE_OPTIONS =
            Map.of(
                    "Handles",
                    List.of(
                            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"));

    /** A primary whose workers know nothing of us. */
    private static final Set<String> WITH_THE_COMMAND = Set.of("ForkOnline");

    /** What runs here; the command is beside what it is made of. */
    static JavaSide ofThisBuild(String name) {
        String classPath = System.getProperty("java.class.path");
        Path jar = ours(classPath).resolveSibling("prefork.jar");
        return new JavaSide(name, classPath, new PreforkJvm(jar), Checkout.ofThisBuild().cache());
    }

    static JavaSide of(String name, Checkout checkout)
            throws IOException, Checkout.UnusableException {
        return new JavaSide(
                name,
                checkout.classPath(),
                new PreforkJvm(checkout.prefork()),
                Checkout.ofThisBuild().cache());
    }

    /** The jar with the programs, which need no other. */
    static Path ours(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator))
                .filter(entry -> entry.endsWith("prefork-bench.jar"))
                .findFirst()
                .map(Path::of)
                .orElseThrow();
    }

    @Override
    public Map<String, String> variables() {
        return Map.of("XDG_CACHE_HOME", cache.toString());
    }

    @Override
    public List<String> server(String program, int port, int workers) throws IOException {
        return prefork.command(run(List.of(), program, port, workers));
    }

    /** The same words as those of the server, so that it is for the same workers. */
    @Override
    public void prepare(String program, int workers) throws IOException, InterruptedException {
        int noPort = 0;
        prepare(variables(), run(List.of("--prepare"), program, noPort, workers));
    }

    /** The folder with what one worker starts with that has no options, and nothing else. */
    @Override
    public Optional<Path> prepareForks() throws IOException, InterruptedException {
        Path own = cache.resolve("forks");
        prepare(
                Map.of("XDG_CACHE_HOME", own.toString()),
                List.of(
                        "run",
                        "--prepare",
                        "--plain-jvm",
                        "-cp",
                        ours(classPath).toString(),
                        mainClass("Idle")));
        return Optional.of(own.resolve("prefork"));
    }

    private void prepare(Map<String, String> variables, List<String> words)
            throws IOException, InterruptedException {
        if (prefork.knows("--prepare")) {
            ProcessBuilder preparation =
                    new ProcessBuilder(prefork.command(words))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            preparation.environment().putAll(variables);
            int code = preparation.start().waitFor();
            if (code != 0) {
                throw new IOException(name + ": run --prepare ends with " + code);
            }
        }
    }

    private List<String> run(List<String> options, String program, int port, int workers) {
        List<String> words = new ArrayList<>(List.of("run"));
        words.addAll(options);
        words.addAll(List.of("-w", "" + workers, "-cp", ours(classPath).toString()));
        words.addAll(List.of(mainClass(program), "" + port));
        return words;
    }

    @Override
    public List<String> command(String program, List<String> arguments) {
        List<String> words =
                new ArrayList<>(List.of(PreforkJvm.JAVA, "--enable-native-access=ALL-UNNAMED"));
        words.addAll(MORE_OPTIONS.getOrDefault(program, List.of()));
        String commands = WITH_THE_COMMAND.contains(program) ? prefork.jar() + ":" : "";
        words.addAll(List.of("-cp", commands + classPath, mainClass(program)));
        words.addAll(arguments);
        return words;
    }

    private static String mainClass(String program) {
        return JavaSide.class.getPackageName() + "." + program;
    }
}
