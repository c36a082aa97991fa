package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

import javax.tools.ToolProvider;

/** Workers are this same program, however it was started. */
@Rule({"A1", "B6"})
class LaunchIT {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    /** Prints what the JVM was given, then serves. */
    private static final String SOURCE =
            """
            import com.sun.net.httpserver.HttpServer;
            import dev.prefork.Cluster;
            import java.net.InetAddress;
            import java.net.InetSocketAddress;

            public class Main {
                public static void main(String[] args) throws Exception {
                    if (Cluster.isPrimary()) {
                        Cluster.onListening((w, address) -> System.out.println("port " + address.port()));
                        Cluster.fork();
                        return;
                    }
                    System.out.println("worker " + String.join(",", args) + " " + System.getProperty("said"));
                    HttpServer server =
                            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                    server.createContext("/", exchange -> {
                        exchange.sendResponseHeaders(200, 2);
                        exchange.getResponseBody().write("ok".getBytes());
                        exchange.close();
                    });
                    server.start();
                }
            }
            """;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Program start(String... words) {
        List<String> command = new ArrayList<>(List.of(Command.javaExecutable()));
        command.addAll(List.of("-XX:+UseSerialGC", "-Dsaid=so"));
        command.addAll(Arrays.asList(words));
        command.addAll(List.of("one", "two words"));
        return programs.start(new Command(command, Map.of()));
    }

    private static void assertServes(Program program) throws IOException {
        assertThat(program.awaitLine("worker")).isEqualTo("worker one,two words so");
        assertThat(Client.get(program.awaitNumber("port"), "/")).isEqualTo("ok");
    }

    private Path compile(String name, String source, String... options) throws IOException {
        Path file = folder.resolve("src").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, source, UTF_8);
        Path classes = folder.resolve("classes");
        List<String> words = new ArrayList<>(Arrays.asList(options));
        words.addAll(List.of("-d", classes.toString()));
        words.add(file.toString());
        int errors =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, words.toArray(String[]::new));
        assertThat(errors).isZero();
        return classes;
    }

    @Test
    void givenAMainClass_whenItForks_thenTheWorkerIsTheSame() throws IOException {
        Path classes = compile("Main.java", SOURCE, "-cp", CLASS_PATH);

        assertServes(start("-cp", classes + File.pathSeparator + CLASS_PATH, "Main"));
    }

    @Test
    void givenASourceFile_whenItForks_thenTheWorkerIsTheSame() throws IOException {
        Path file = Files.writeString(folder.resolve("Main.java"), SOURCE, UTF_8);

        assertServes(start("-cp", CLASS_PATH, file.toString()));
    }

    @Test
    void givenAnExecutableJar_whenItForks_thenTheWorkerIsTheSame() throws IOException {
        Path classes = compile("Main.java", SOURCE, "-cp", CLASS_PATH);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Main");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Arrays.stream(CLASS_PATH.split(File.pathSeparator, -1))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        Path jar = folder.resolve("app.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            entries.putNextEntry(new JarEntry("Main.class"));
            entries.write(Files.readAllBytes(classes.resolve("Main.class")));
        }

        assertServes(start("-jar", jar.toString()));
    }
}
