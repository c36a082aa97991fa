package dev.prefork.primary;

import dev.prefork.ClusterSettings;
import dev.prefork.ForkException;
import dev.prefork.worker.WorkerJvm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command that starts a worker: this JVM's program again, or what the settings say.
 *
 * @param executable a path, or a name on PATH
 * @param arguments what follows it
 */
record WorkerCommand(String executable, List<String> arguments) {
    private static final Optional<JavaCommandLine> OURS = JavaCommandLine.ofThisProcess();

    /**
     * The settings that apply where the application gives none: this program, its arguments, its
     * JVM's options.
     */
    static ClusterSettings defaults() {
        ClusterSettings.Builder settings = ClusterSettings.builder();
        OURS.ifPresentOrElse(
                line ->
                        settings.exec(line.program())
                                .args(line.arguments())
                                .execArgv(line.options()),
                () -> settings.args().execArgv());
        return settings.silent(false).build();
    }

    /** The debugger's port of each worker, from that of this JVM. */
    static InspectPort inspectPort() {
        return new InspectPort(OURS.map(JavaCommandLine::options).orElse(List.of()));
    }

    /**
     * What the settings say.
     *
     * @param jvmOptions their execArgv as this worker has it, if it is a JVM
     */
    static WorkerCommand of(ClusterSettings settings, List<String> jvmOptions) {
        String exec =
                settings.exec()
                        .orElseThrow(
                                () ->
                                        new ForkException(
                                                "cannot fork: the command line of this JVM names no"
                                                        + " program; say which with exec(…)",
                                                null));
        List<String> options = settings.execArgv().orElse(List.of());
        List<String> args = settings.args().orElse(List.of());
        String executable = settings.execPath().orElseGet(WorkerCommand::javaExecutable);
        if (settings.standalone().orElse(false)) {
            return standalone(executable, exec, jvmOptions, args);
        }
        if (!Path.of(executable).endsWith("java")) {
            // The options of this JVM, which nobody asked for, mean nothing to another executable.
            boolean ours = OURS.map(JavaCommandLine::options).filter(options::equals).isPresent();
            List<String> words = new ArrayList<>(ours ? List.of() : options);
            words.add(exec);
            words.addAll(args);
            return new WorkerCommand(executable, words);
        }
        return java(executable, exec, jvmOptions, args);
    }

    /** As the user would start it, and what makes a worker of it. */
    private static WorkerCommand standalone(
            String executable, String exec, List<String> options, List<String> args) {
        // Our agent before others, which may listen too; our options after the application's: of a
        // property that is given twice the last one counts.
        List<String> words = new ArrayList<>(List.of("-javaagent:" + WorkerJvm.agent()));
        words.addAll(options);
        words.addAll(WorkerJvm.standaloneOptions());
        switch (JavaCommandLine.Kind.of(exec)) {
            case JAR -> words.addAll(List.of("-jar", jar(exec).toString()));
            case MODULE -> words.addAll(List.of("-m", exec));
            case CLASS, SOURCE -> words.add(exec);
        }
        words.addAll(args);
        return new WorkerCommand(executable, words);
    }

    private static WorkerCommand java(
            String executable, String exec, List<String> options, List<String> args) {
        JavaCommandLine.Kind kind =
                OURS.filter(line -> line.program().equals(exec))
                        .map(JavaCommandLine::kind)
                        .orElseGet(() -> JavaCommandLine.Kind.of(exec));
        List<String> words = new ArrayList<>(options);
        words.addAll(WorkerJvm.options());
        OURS.ifPresent(line -> words.addAll(line.pathOptions()));
        switch (kind) {
            case CLASS -> {
                words.addAll(classPathOption());
                words.addAll(List.of(WorkerJvm.MAIN_CLASS, exec));
            }
            case JAR -> {
                words.addAll(WorkerJvm.optionsOfManifest(jar(exec)));
                words.addAll(
                        List.of(
                                "-cp",
                                jarClassPath(exec),
                                WorkerJvm.MAIN_CLASS,
                                WorkerJvm.mainClassOf(jar(exec))));
            }
            // These find their own main class: the worker's side begins when the program first
            // touches the cluster.
            case MODULE -> {
                words.addAll(classPathOption());
                words.addAll(List.of("-m", exec));
            }
            case SOURCE -> {
                words.addAll(classPathOption());
                words.add(exec);
            }
        }
        words.addAll(args);
        return new WorkerCommand(executable, words);
    }

    private static Path jar(String exec) {
        Path jar = Path.of(exec);
        if (!Files.isRegularFile(jar)) {
            throw new ForkException("cannot fork: there is no file " + jar.toAbsolutePath(), null);
        }
        return jar;
    }

    /** None when there is none: an empty class path would mean the working directory. */
    private static List<String> classPathOption() {
        return System.getProperty("java.class.path").isEmpty()
                ? List.of()
                : List.of("-cp", classPath());
    }

    /** Absolute, since a worker may have another working directory. */
    private static String classPath() {
        return absolute(System.getProperty("java.class.path"));
    }

    /** The jar first, as java -jar has it, then what this JVM has, where Prefork itself is. */
    private static String jarClassPath(String exec) {
        String rest = classPath();
        String jar = absolute(exec);
        return rest.equals(jar) ? jar : jar + File.pathSeparator + rest;
    }

    private static String absolute(String path) {
        return Stream.of(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String javaExecutable() {
        try {
            // The link is right even when the launcher was found on PATH or has been moved since.
            Path running = Path.of("/proc/self/exe").toRealPath();
            if (running.getFileName().toString().equals("java")) {
                return running.toString();
            }
        } catch (IOException unreadable) {
            // java.home is as good unless the JVM is embedded in another program.
        }
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
