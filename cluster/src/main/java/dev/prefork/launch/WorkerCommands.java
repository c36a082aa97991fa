package dev.prefork.launch;

import dev.prefork.ClassDataSource.ClassData;
import dev.prefork.ClusterSettings;
import dev.prefork.ForkException;

import java.io.File;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the command that starts a worker: this program again, or what the settings say. */
final class WorkerCommands {
    private final Optional<JavaCommandLine> thisProgram;
    private final String classPath;
    private final String java;
    private final boolean isOnPath;

    /**
     * Takes what this JVM is.
     *
     * @param classPath of this JVM
     * @param java the executable that runs it
     * @param isOnPath whether its class path or module path is where Prefork is
     */
    WorkerCommands(
            Optional<JavaCommandLine> thisProgram,
            String classPath,
            String java,
            boolean isOnPath) {
        this.thisProgram = thisProgram;
        this.classPath = classPath;
        this.java = java;
        this.isOnPath = isOnPath;
    }

    /** Of this JVM. */
    WorkerCommands(Optional<JavaCommandLine> thisProgram) {
        this(
                thisProgram,
                System.getProperty("java.class.path"),
                runningJava(),
                WorkerJvm.isOnPath());
    }

    /**
     * What the settings say.
     *
     * @param jvmOptions their execArgv as this worker has it, if it is a JVM
     * @param agent the path under which a standalone worker finds prefork.jar
     * @param classData what a standalone worker may start with
     */
    WorkerCommand of(
            ClusterSettings settings,
            List<String> jvmOptions,
            Supplier<String> agent,
            Optional<ClassData> classData) {
        String exec =
                settings.exec()
                        .orElseThrow(
                                () ->
                                        new ForkException(
                                                "cannot fork: "
                                                        + Unrepeatable.reason(thisProgram)
                                                                .orElse("no program is named")
                                                        + "; say what a worker is with"
                                                        + " ClusterSettings.exec(…)",
                                                null));
        String executable = settings.execPath().orElse(java);
        List<String> words;
        if (exec.isEmpty()) {
            words = new ArrayList<>(optionsAskedFor(settings));
        } else if (settings.standalone().orElse(false)) {
            words = new ArrayList<>(List.of("-javaagent:" + agent.get()));
            classData.map(WorkerCommands::options).ifPresent(words::addAll);
            words.addAll(standalone(exec, settings.cwd(), jvmOptions));
        } else if (executable.equals("java") || executable.endsWith("/java")) {
            words = java(exec, jvmOptions);
        } else {
            words = new ArrayList<>(optionsAskedFor(settings));
            words.add(exec);
        }
        words.addAll(settings.args().orElse(List.of()));
        String name = executable.substring(executable.lastIndexOf('/') + 1);
        return new WorkerCommand(
                executable, List.copyOf(words), exec.isEmpty() ? name : name + " " + exec);
    }

    /** The options of this JVM, which nobody asked for, mean nothing to another executable. */
    private List<String> optionsAskedFor(ClusterSettings settings) {
        List<String> options = settings.execArgv().orElse(List.of());
        boolean ours =
                thisProgram.map(JavaCommandLine::options).filter(options::equals).isPresent();
        return ours ? List.of() : options;
    }

    /** With these the JVM itself loads our classes: those of an agent are not in archives. */
    private static List<String> options(ClassData classData) {
        return List.of(
                "-Xbootclasspath/a:" + classData.jar(),
                "-XX:SharedArchiveFile=" + classData.archive());
    }

    /**
     * As the user would start it. Our agent comes before, and so before others, which may listen
     * too. It opens the JDK's packages itself: beside the options that would do so a JVM refuses
     * AOT caches.
     */
    private static List<String> standalone(
            String exec, Optional<Path> directory, List<String> options) {
        List<String> words = new ArrayList<>(options);
        String file = ProgramJar.in(directory, exec);
        switch (JavaCommandLine.Kind.of(exec, file)) {
            case JAR -> {
                var _ = ProgramJar.file(file);
                words.addAll(List.of("-jar", exec));
            }
            case MODULE -> words.addAll(module(exec));
            case CLASS, SOURCE -> words.add(exec);
        }
        return words;
    }

    /**
     * What WorkerMain does not start finds its main class itself: there the worker's side begins
     * when the program first touches the cluster.
     */
    private List<String> java(String exec, List<String> options) {
        JavaCommandLine.Kind kind =
                thisProgram
                        .filter(line -> line.program().equals(exec))
                        .map(JavaCommandLine::kind)
                        .orElseGet(() -> JavaCommandLine.Kind.of(exec));
        List<String> words = new ArrayList<>(options);
        words.addAll(isOnPath ? WorkerJvm.options() : WorkerJvm.optionsOfAnyLoader());
        thisProgram.ifPresent(line -> words.addAll(line.pathOptions()));
        switch (kind) {
            case JAR -> words.addAll(isOnPath ? ofJar(exec) : jar(exec));
            case CLASS -> {
                if (isOnPath) {
                    words.addAll(classPathOption());
                    words.add(WorkerJvm.MAIN_CLASS);
                } else if (!JavaCommandLine.nameClassPath(options)) {
                    words.addAll(classPathOption());
                }
                words.add(exec);
            }
            case MODULE -> {
                words.addAll(classPathOption());
                words.addAll(module(exec));
            }
            case SOURCE -> {
                words.addAll(classPathOption());
                words.add(exec);
            }
        }
        return words;
    }

    /** Its main class after ours, with what its manifest asks of {@code java -jar}. */
    private List<String> ofJar(String exec) {
        ProgramJar jar = ProgramJar.read(ProgramJar.file(exec));
        List<String> words = new ArrayList<>(jar.options());
        words.addAll(List.of("-cp", jarClassPath(exec), WorkerJvm.MAIN_CLASS, jar.mainClass()));
        return words;
    }

    /** What it brings, Prefork included, is found by its own main class alone. */
    private static List<String> jar(String exec) {
        return List.of("-jar", ProgramJar.file(exec).toAbsolutePath().toString());
    }

    /** Of {@code module/} the module itself says the main class. */
    private static List<String> module(String exec) {
        int last = exec.length() - 1;
        return List.of("-m", exec.indexOf('/') == last ? exec.substring(0, last) : exec);
    }

    /** None when there is none: an empty class path would mean the working directory. */
    private List<String> classPathOption() {
        return classPath.isEmpty() ? List.of() : List.of("-cp", absolute(classPath));
    }

    /** The jar first, as java -jar has it, then what this JVM has, where Prefork itself is. */
    private String jarClassPath(String exec) {
        String rest = absolute(classPath);
        String jar = absolute(exec);
        return rest.equals(jar) ? jar : jar + File.pathSeparator + rest;
    }

    /** A worker may have another working directory. */
    private static String absolute(String path) {
        return Stream.of(path.split(File.pathSeparator))
                .map(WorkerCommands::absoluteEntry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String absoluteEntry(String entry) {
        try {
            return Path.of(entry).toAbsolutePath().normalize().toString();
        } catch (InvalidPathException noFile) {
            // In this locale no file has such a name: this JVM has none of it either.
            return entry;
        }
    }

    /** The executable of this JVM. */
    static String runningJava() {
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
