package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which JVMs a worker can run on. */
class JavaHomeTest {
    @TempDir Path folder;

    private void isA(String... release) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path java = Files.writeString(bin.resolve("java"), "");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("release"), String.join("\n", release));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> new JavaHome(folder).executable())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void givenTheJdkOfThisTest_whenAsked_thenItWillDo() {
        Path home = Path.of(System.getProperty("java.home"));

        assertThat(new JavaHome(home).executable()).isEqualTo(home + "/bin/java");
    }

    @Test
    void givenWhatIsNoJava_whenAsked_thenItSaysSo() {
        assertRefused("there is no " + folder + "/bin/java");
    }

    @Test
    void givenAnOlderJava_whenAsked_thenItSaysWhyItWillNotDo() throws IOException {
        isA("JAVA_VERSION=\"17.0.15\"");
        assertRefused(" is Java 17; workers need 25 or later");
        isA("JAVA_VERSION=\"1.8.0_402\"");
        assertRefused(" is Java 1; workers need 25 or later");
    }

    @Test
    void givenAnImageWithoutAgents_whenAsked_thenItSaysHowToMakeOne() throws IOException {
        isA("JAVA_VERSION=\"25\"", "MODULES=\"java.base java.sql\"");
        assertRefused("jlink --add-modules java.instrument");
        isA("JAVA_VERSION=\"26-ea\"", "MODULES=\"java.base java.instrument\"");
        assertThat(new JavaHome(folder).executable()).startsWith(folder.toString());
    }
}
