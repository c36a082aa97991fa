package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** SPEC F1: the program is started with the words that stand after java. */
class JavaWordsTest {
    @TempDir Path folder;

    private static String rewritten(String words) {
        return String.join(
                " ",
                JavaWords.rewrite(
                        PreforkCommand.commandLine().getSubcommands().get("run").getCommandSpec(),
                        List.of(words.split(" ", -1))));
    }

    @ParameterizedTest
    @CsvSource({
        "-w 2 -Xmx1g app.jar -Xmx2g -p x,-w 2 -J-Xmx1g app.jar -Xmx2g -p x",
        "-Dx=y -ea:p -XX:+UseSerialGC A,-J-Dx=y -J-ea:p -J-XX:+UseSerialGC A",
        "-p mods -m app/A,-J-p -Jmods -m app/A",
        "--module-path=mods --module=app @x,-J--module-path=mods -m app @x",
        "--add-opens a/b=c --source 25 script,-J--add-opens -Ja/b=c -J--source -J25 script",
        "-cp lib -J-Dx --ports 1=private A,-cp lib -J-Dx --ports 1=private A",
        "--polisy rr app.jar,--polisy rr app.jar",
        "@@x,@@x",
        "-w,-w",
        "-p,-J-p"
    })
    void givenOptionsOfJava_whenRewritten_thenTheyAreForTheJvm(String words, String expected) {
        assertThat(rewritten(words)).isEqualTo(expected);
    }

    @Test
    void givenAFileOfOptions_whenRewritten_thenItsWordsStandInItsPlace() throws IOException {
        Path options = Files.writeString(folder.resolve("options"), "-Dx=y -cp lib");
        Path all = Files.writeString(folder.resolve("all"), "-Dx=y A @" + options);

        assertThat(rewritten("@" + options + " A @b")).isEqualTo("-J-Dx=y -cp lib A @b");
        assertThat(rewritten("-J@" + options + " A")).isEqualTo("-J-Dx=y -cp lib A");
        assertThat(rewritten("@" + all + " b")).isEqualTo("-J-Dx=y A @" + options + " b");
        assertThat(rewritten("--disable-@files @" + all)).isEqualTo("-J--disable-@files @" + all);
    }

    @Test
    void givenAFileThatIsNotThere_whenRewritten_thenItIsNamed() {
        assertThatThrownBy(() -> rewritten("@/no/such A"))
                .isInstanceOf(UsageException.class)
                .hasMessage("@/no/such: the file of options cannot be read; check its path");
    }

    /** As the java launcher of JDK 25 does. */
    @Test
    void givenQuotesAndComments_whenAFileIsRead_thenItsWordsAreJavas() {
        assertThat(ArgumentFile.words("a  b\tc\n# all of it\nd#e f\n"))
                .containsExactly("a", "b", "c", "d");
        assertThat(ArgumentFile.words("'a # b' \"c'd\" e'f g'h ''"))
                .containsExactly("a # b", "c'd", "ef gh", "");
        assertThat(ArgumentFile.words("c:\\x \"c:\\\\x\\ty\""))
                .containsExactly("c:\\x", "c:\\x\ty");
        assertThat(ArgumentFile.words("-cp \"lib/a.jar:\\\n   lib/b.jar\""))
                .containsExactly("-cp", "lib/a.jar:lib/b.jar");
    }
}
