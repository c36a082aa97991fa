package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Workers of a program in Spring Boot's executable jar, started by Spring's own launcher. */
@Rule({"A1", "B6"})
class SpringBootIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Program start(Path jar, String... arguments) {
        return start(Sample.OPTIONS, jar, arguments);
    }

    private Program start(List<String> options, Path jar, String... arguments) {
        List<String> words = new ArrayList<>(List.of(Command.javaExecutable()));
        words.addAll(options);
        words.addAll(List.of("-jar", jar.toString()));
        words.addAll(Arrays.asList(arguments));
        return programs.start(new Command(words, Map.of()));
    }

    @Test
    void givenSpringsLauncher_whenItForks_thenItsWorkersServeOnePort() throws IOException {
        Path jar = SpringJar.write(new Sources(folder), folder.resolve("spring.jar"));

        Sample.assertServes(start(jar, Sample.ARGUMENTS.toArray(String[]::new)));
    }

    /** All of Spring, Tomcat and Spring's plugin: with -Pservers. */
    @Test
    void givenAWholeApplication_whenItForks_thenItsWorkersServeOnePort() throws IOException {
        Program program = start(List.of("--illegal-native-access=deny"), application(), "0");

        List<Integer> ports = program.awaitNumbers("port", 2);

        assertThat(ports.get(0)).isEqualTo(ports.get(1));
        assertThat(List.of(Client.get(ports.get(0), "/"), Client.get(ports.get(0), "/")))
                .containsExactlyInAnyOrder("worker 1", "worker 2");
        assertThat(program.lines()).noneMatch(line -> line.startsWith("WARNING"));
    }

    /** Spring logs it, and keeps it from every handler that there is. */
    @Test
    void givenAnApplicationThatFails_whenItForks_thenItsWorkersEndWithCode1() {
        Program program = start(application(), "none");

        assertThat(program.awaitValues("ended", 2)).containsOnly("code 1");
        assertThat(program.awaitExit()).isZero();
    }

    private static Path application() {
        assumeTrue(Boolean.getBoolean("prefork.servers.all"), "needs -Pservers");
        String target = System.getProperty("prefork.fast") == null ? "target" : "target/fast";
        return Path.of("..", "servers", "spring-cluster", target, "spring-cluster.jar");
    }
}
