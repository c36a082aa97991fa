package dev.prefork.cli;

import dev.prefork.ClusterSettings;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The program of a command line and its arguments, looked at before anything starts: what cannot
 * run is a UsageException.
 *
 * @param jvmOptions for a Java program
 * @param classPath for a main class
 * @param words the program, then its arguments
 */
record ProgramArguments(List<String> jvmOptions, Optional<String> classPath, List<String> words) {
    /** What kind of program the user says it is. */
    enum Kind {
        /** The name says more: a jar, a source file, a module or a class. */
        JAVA,
        JAR,
        MODULE,
        EXECUTABLE
    }

    /**
     * The same, with other files.
     *
     * @param rename of the program, and of each entry of the class path
     */
    ProgramArguments with(UnaryOperator<String> rename) {
        List<String> renamed = new ArrayList<>(words);
        renamed.set(0, rename.apply(words.getFirst()));
        return new ProgramArguments(
                jvmOptions,
                classPath.map(
                        path ->
                                entries(path)
                                        .map(rename)
                                        .collect(Collectors.joining(File.pathSeparator))),
                renamed);
    }

    /** The names that {@link #with} may change. */
    Stream<String> files() {
        return Stream.concat(
                words.stream().limit(1), classPath.stream().flatMap(ProgramArguments::entries));
    }

    private static Stream<String> entries(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator));
    }

    ClusterSettings.Builder settings(Kind kind) {
        if (words.isEmpty()) {
            throw new UsageException(
                    "say what to run, such as prefork run app.jar; prefork run --help shows more");
        }
        String program = words.getFirst();
        return switch (kind) {
            case EXECUTABLE -> executable(program);
            case MODULE -> {
                ProgramModule module = ProgramModule.of(program, jvmOptions);
                module.check();
                yield java(module.exec());
            }
            case JAR -> {
                checkJar(program);
                yield java(program);
            }
            case JAVA -> java(checkedJava(program));
        };
    }

    private ClusterSettings.Builder java(String program) {
        checkOptions();
        List<String> options = new ArrayList<>(jvmOptions);
        classPath.ifPresent(path -> options.addAll(List.of("-cp", path)));
        return ClusterSettings.builder()
                .standalone(true)
                .execArgv(options)
                .exec(program)
                .args(words.subList(1, words.size()));
    }

    /** An archive of this kind is made at the end of the JVM, which refuses beside any agent. */
    private void checkOptions() {
        if (jvmOptions.stream().anyMatch(option -> option.startsWith("-XX:ArchiveClassesAtExit"))) {
            throw new UsageException(
                    "-XX:ArchiveClassesAtExit does not go with an agent, and each worker has one;"
                            + " make the archive with java --add-modules java.instrument"
                            + " -XX:ArchiveClassesAtExit=FILE …, and give it to prefork run"
                            + " -XX:SharedArchiveFile=FILE");
        }
    }

    /** What the name means; the name by which java knows it. */
    private String checkedJava(String program) {
        if (program.endsWith(".java")
                || JavaOptions.value(jvmOptions, JavaOptions.SOURCE).isPresent()) {
            checkFile(program);
        } else if (program.endsWith(".jar") || program.endsWith(".war") || isArchive(program)) {
            checkJar(program);
        } else if (Files.isRegularFile(Path.of(program))) {
            throw new UsageException(
                    program
                            + " is neither a jar nor a .java file; if it is an executable or a"
                            + " script, say so: prefork run --exec COMMAND "
                            + program
                            + "; if it is Java source: prefork run --source 25 "
                            + program);
        } else if (program.contains("/")) {
            return checkedModuleOrClass(program);
        } else {
            checkClass(program);
        }
        return program;
    }

    /** To java alone a name with a slash is a class; here it may be a module without its -m. */
    private String checkedModuleOrClass(String program) {
        ProgramModule module = ProgramModule.of(program, jvmOptions);
        if (module.exists()) {
            module.check();
            return module.exec();
        }
        String asClass = program.replace('/', '.');
        if (wholeClassPath().hasClass(asClass)) {
            return asClass;
        }
        checkIsNoPath(program);
        throw new UsageException(
                "there is no file %s, no module %s and no class %s in the class path %s; check its name, or say where it is: prefork run -p PATH -m %s"
                        .formatted(program, module.name(), asClass, wholeClassPath(), program));
    }

    /** The folder is there, and so it is a path with a mistake rather than a module. */
    private static void checkIsNoPath(String program) {
        Path file = Path.of(program);
        if (file.isAbsolute() || Files.isDirectory(Path.of(program.split("/", 2)[0]))) {
            checkFile(program);
        }
    }

    /** A zip file, whatever its name. */
    private static boolean isArchive(String program) {
        try (ZipFile archive = new ZipFile(program)) {
            return archive.size() > 0;
        } catch (IOException noArchive) {
            return false;
        }
    }

    private static void checkFile(String program) {
        Path file = Path.of(program);
        if (Files.isDirectory(file)) {
            throw new UsageException(program + " is a folder; name the file to run");
        }
        if (!Files.isReadable(file)) {
            String problem = Files.exists(file) ? "cannot be read" : "does not exist";
            throw new UsageException(
                    "the file " + file.toAbsolutePath() + " " + problem + "; check its path");
        }
    }

    private static void checkJar(String program) {
        checkFile(program);
        try (JarFile jar = new JarFile(program)) {
            Manifest manifest = jar.getManifest();
            if (manifest == null
                    || manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS) == null) {
                throw new UsageException(
                        program
                                + " has no Main-Class in its manifest; name the main class: prefork"
                                + " run -cp "
                                + program
                                + " com.acme.Main");
            }
        } catch (ZipException e) {
            throw new UsageException(
                    program + " is not a jar file (" + e.getMessage() + "); build it again");
        } catch (IOException e) {
            throw new UsageException("cannot read " + program + ": " + e.getMessage());
        }
    }

    private void checkClass(String program) {
        ClassPath path = wholeClassPath();
        if (!JavaOptions.bringClasses(jvmOptions) && !path.hasClass(program)) {
            throw new UsageException(
                    "there is no class "
                            + program
                            + " in the class path "
                            + path
                            + "; check its name, or say where it is: prefork run -cp PATH "
                            + program);
        }
    }

    private ClassPath wholeClassPath() {
        return ClassPath.of(
                classPath.or(() -> JavaOptions.value(jvmOptions, JavaOptions.CLASS_PATH)));
    }

    /**
     * By env, which becomes the command: the cluster's settings name an executable and its first
     * argument, and a command may have none. To env a name such as A=B is a variable; a shell takes
     * what comes of an expansion for a command.
     */
    private ClusterSettings.Builder executable(String command) {
        if (!Executables.exists(command)) {
            throw new UsageException(
                    command.contains("/")
                            ? "there is no executable file " + command + "; check its path"
                            : "there is no executable "
                                    + command
                                    + " on the PATH; check its name, or give its path");
        }
        ClusterSettings.Builder settings =
                ClusterSettings.builder().execArgv().wrapped(!Executables.isRuntime(command));
        if (command.contains("=")) {
            List<String> arguments = new ArrayList<>(List.of("exec \"$0\" \"$@\""));
            arguments.addAll(words);
            return settings.execPath("sh").exec("-c").args(arguments);
        }
        return settings.execPath("env").exec(command).args(words.subList(1, words.size()));
    }
}
