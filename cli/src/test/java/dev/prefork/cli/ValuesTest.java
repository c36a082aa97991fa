package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.SchedulingPolicy;
import dev.prefork.cli.ProgramArguments.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Words of a command line. */
class ValuesTest {
    @TempDir Path home;

    @Test
    void givenANumberOrMax_whenRead_thenItIsSoManyWorkers() {
        assertThat(Values.workers("3")).isEqualTo(3);
        assertThat(Values.workers("max")).isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "two", "", "1.5", "99999999999"})
    void givenAnotherWord_whenReadAsWorkers_thenItIsNamedAndTheWayOnToo(String word) {
        assertThatThrownBy(() -> Values.workers(word))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "-w "
                                + word
                                + ": say how many workers, from 1, or max for one per processor");
    }

    @Test
    void givenANumberOfSpares_whenRead_thenItMayBeNone() {
        assertThat(Values.spares("0")).isZero();
        assertThat(Values.spares("64")).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65", "all", "99999999999"})
    void givenAnotherWord_whenReadAsSpares_thenItSaysHowManyThereMayBe(String word) {
        assertThatThrownBy(() -> Values.spares(word))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "--spares "
                                + word
                                + ": say how many JVMs wait to be workers, from 0 to 64");
    }

    @Test
    void givenNoOptionForClassData_whenRead_thenItIsWhatTheVariableSays() {
        assertThat(classData(Map.of("PREFORK_CLASS_DATA", "/d"))).contains(Path.of("/d"));
        assertThat(classData(Map.of("PREFORK_CLASS_DATA", "none"))).isEmpty();
        assertThat(classData(Map.of())).isEmpty();
        assertThat(classData(Map.of("XDG_CACHE_HOME", home.toString())))
                .contains(home.resolve("prefork"));
    }

    private static Optional<Path> classData(Map<String, String> environment) {
        return Values.classData(Optional.empty(), environment::get);
    }

    @Test
    void givenAFolderForClassData_whenRead_thenItIsThatOrNone() {
        assertThat(Values.classData(Optional.of("/c/../d"), _ -> "/h")).contains(Path.of("/d"));
        assertThat(Values.classData(Optional.of("none"), _ -> "/h")).isEmpty();
        assertThatThrownBy(() -> Values.classData(Optional.of("/a:b"), _ -> null))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "--class-data /a:b: name a folder without a colon in its path, or none");
    }

    @Test
    void givenSeconds_whenRead_thenTheyMayHaveAFraction() {
        assertThat(Values.seconds("--stop-timeout", "0.5")).isEqualTo(Duration.ofMillis(500));
        assertThat(Values.seconds("--stop-timeout", "0")).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "soon", "1e30"})
    void givenNoSeconds_whenRead_thenTheOptionIsNamed(String word) {
        assertThatThrownBy(() -> Values.seconds("--stop-timeout", word))
                .isInstanceOf(UsageException.class)
                .hasMessage("--stop-timeout " + word + ": say how many seconds, such as 30 or 0.5");
    }

    @Test
    void givenADrainThatIsLongerThanTheWhole_whenRead_thenItSaysSo() {
        assertThatThrownBy(() -> Values.leave(Optional.of("6"), Optional.of("5")))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "--drain-timeout 6 is longer than --stop-timeout 5, the time for all of a"
                                + " worker's end, of which it is a part");
        assertThat(Values.leave(Optional.of("5"), Optional.of("5")).isPossible()).isTrue();
    }

    @Test
    void givenAPolicy_whenRead_thenItIsOneOfTheTwo() {
        assertThat(Values.policy(Optional.of("none"))).contains(SchedulingPolicy.NONE);
        assertThat(Values.policy(Optional.of("reuseport"))).contains(SchedulingPolicy.REUSE_PORT);
        assertThatThrownBy(() -> Values.policy(Optional.of("random")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--policy random: say rr ");
    }

    @Test
    void givenPortRules_whenTheyCannotBeRead_thenItSaysWhy() {
        assertThat(Values.ports(Optional.of("9010=offset"), Kind.JAVA))
                .contains("9010=offset,0=private");
        assertThat(Values.ports(Optional.empty(), Kind.MODULE)).contains("0=private");
        assertThat(Values.ports(Optional.empty(), Kind.EXECUTABLE)).isEmpty();
        assertThat(Values.ports(Optional.of("1=private"), Kind.EXECUTABLE)).contains("1=private");
        assertThatThrownBy(() -> Values.ports(Optional.of("9010=somehow"), Kind.JAVA))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("somehow");
    }

    @Test
    void givenQuotes_whenSplitIntoWords_thenTheyHoldThemTogether() {
        assertThat(Values.words(" -Xmx1g  -Da='b c' \"-Dd=e f\"\t-Dg=\"\"'' "))
                .containsExactly("-Xmx1g", "-Da=b c", "-Dd=e f", "-Dg=");
        assertThat(Values.words(" ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Da='b c", "-Da=b -Dc=\"d", "'a b c", "a 'b c"})
    void givenAQuoteWithoutEnd_whenSplit_thenItIsRefused(String text) {
        assertThatThrownBy(() -> Values.words(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("a quote has no end");
    }
}
