package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class UnrepeatableTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-cp x com.acme.Main",
                "-jar gone.jar",
                "-m a/b.Main",
                "--source 25 a/script"
            })
    void givenAProgramOfOnesOwn_thenAWorkerCanBeStartedAsItWas(String line) {
        assertThat(reason(line)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "-cp x org.codehaus.plexus.classworlds.launcher.Launcher exec:java,exec:java",
        "-cp x worker.org.gradle.process.internal.worker.GradleWorkerMain 'Test 1',Gradle",
        "-cp x com.intellij.rt.junit.JUnitStarter -junit5 A,IntelliJ",
        "-cp x org.apache.catalina.startup.Bootstrap start,Tomcat",
        "-m org.junit.platform.console/org.junit.platform.console.ConsoleLauncher,JUnit",
    })
    void givenAProgramThatRunsOthers_thenTheReasonNamesIt(String line, String name) {
        assertThat(reason(line)).hasValueSatisfying(said -> assertThat(said).contains(name));
    }

    @Test
    void givenSurefiresJar_thenItsManifestTells(@TempDir Path folder) throws IOException {
        Path jar =
                Jars.write(
                        folder.resolve("surefirebooter.jar"),
                        "Main-Class: org.apache.maven.surefire.booter.ForkedBooter\n");

        assertThat(reason("-jar " + jar + " a b"))
                .hasValueSatisfying(said -> assertThat(said).contains("Surefire", "ForkedBooter"));
    }

    @Test
    void givenALineThatNamesNoProgram_thenThereIsAReason() {
        assertThat(Unrepeatable.reason(Optional.empty())).isPresent();
    }

    private static Optional<String> reason(String line) {
        return Unrepeatable.reason(JavaCommandLine.parse(List.of(line.split(" ", -1))));
    }
}
