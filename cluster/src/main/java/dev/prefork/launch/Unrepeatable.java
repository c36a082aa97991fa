package dev.prefork.launch;

import dev.prefork.launch.JavaCommandLine.Kind;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Why a worker cannot be started as this JVM was, in words: nobody knows how that was, or it was
 * started to run programs that its command line does not name, such as tests.
 */
final class Unrepeatable {
    /** A program that runs others in its own JVM; a worker would run all of them again. */
    private record Host(String classes, String name) {
        boolean has(String mainClass) {
            return mainClass.startsWith(classes);
        }
    }

    private static final List<Host> HOSTS =
            List.of(
                    new Host("org.apache.maven.surefire.", "Maven's Surefire or Failsafe"),
                    new Host("org.codehaus.plexus.classworlds.", "Maven itself, as for exec:java"),
                    new Host("org.mvndaemon.", "Maven's daemon"),
                    new Host("worker.org.gradle.", "a test worker of Gradle"),
                    new Host("org.gradle.", "Gradle itself"),
                    new Host("com.intellij.rt.junit.", "a test runner of IntelliJ"),
                    new Host("com.intellij.rt.testng.", "a test runner of IntelliJ"),
                    new Host("org.eclipse.jdt.internal.", "a test runner of Eclipse"),
                    new Host("com.microsoft.java.test.", "a test runner of VS Code"),
                    new Host("com.google.testing.junit.", "a test runner of Bazel"),
                    new Host("sbt.", "sbt"),
                    new Host("xsbt.", "sbt"),
                    new Host("io.quarkus.deployment.dev.", "Quarkus in development mode"),
                    new Host("org.junit.", "JUnit"),
                    new Host("org.testng.", "TestNG"),
                    new Host("jdk.jshell.", "JShell"),
                    new Host("org.apache.catalina.", "Tomcat"),
                    new Host("org.apache.tomee.", "TomEE"),
                    new Host("org.eclipse.jetty.start.", "Jetty"),
                    new Host("org.jboss.modules.", "WildFly"),
                    new Host("com.sun.enterprise.", "GlassFish"),
                    new Host("fish.payara.", "Payara"),
                    new Host("com.ibm.ws.kernel.", "Open Liberty"));

    private Unrepeatable() {}

    /**
     * Of this JVM; empty when a worker can be started as it was.
     *
     * @param line its command line, if that is understood
     */
    static Optional<String> reason(Optional<JavaCommandLine> line) {
        return line.isPresent()
                ? hostOf(line.get())
                : PackagedApplication.ofThisProcess()
                        .map(PackagedApplication::missing)
                        .orElseGet(() -> Optional.of(notUnderstood()));
    }

    private static Optional<String> hostOf(JavaCommandLine line) {
        Optional<String> mainClass = mainClass(line);
        return HOSTS.stream()
                .filter(host -> mainClass.filter(host::has).isPresent())
                .findFirst()
                .map(
                        host ->
                                "this JVM is "
                                        + host.name()
                                        + ", by its main class "
                                        + mainClass.get()
                                        + ", and a worker like it would run everything again");
    }

    private static Optional<String> mainClass(JavaCommandLine line) {
        String program = line.program();
        return line.kind() == Kind.JAR
                ? ProgramJar.mainClassOf(program)
                : Optional.of(program.substring(program.indexOf('/') + 1));
    }

    private static String notUnderstood() {
        Optional<String> executable = executable().filter(name -> !name.endsWith("/java"));
        return executable.isPresent()
                ? "this JVM runs in " + executable.get() + " and not in java"
                : JavaCommandLine.wordsOfThisProcess().stream()
                        .filter(word -> word.startsWith("@"))
                        .findFirst()
                        .map(file -> "the program of this JVM was in " + file + ", and is no more")
                        .orElse("the command line of this JVM names no program");
    }

    private static Optional<String> executable() {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc/self/exe")).toString());
        } catch (IOException withoutProc) {
            return Optional.empty();
        }
    }
}
