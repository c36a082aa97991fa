package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OptionWordsTest {
    @Test
    void givenQuotesCommentsAndEscapes_whenRead_thenTheWordsAreTheLaunchers() {
        assertThat(
                        OptionWords.of(
                                """
                                -Xmx1g  -Da="b c" # -Dno
                                # -Dno either
                                '-javaagent:/a b.jar=x#y' "-Dc=\\"d" ""
                                """))
                .containsExactly("-Xmx1g", "-Da=b c", "-javaagent:/a b.jar=x#y", "-Dc=\"d", "");
        assertThat(OptionWords.of(" ")).isEmpty();
    }

    /** As IDEs write them. */
    @Test
    void givenEscapesInQuotes_whenRead_thenTheyAreCharactersAndLinesGoOn() {
        assertThat(
                        OptionWords.of(
                                """
                                "C:\\\\a\\tb\\nc" C:\\d "x:\\
                                    y:\\
                                    z"
                                """))
                .containsExactly("C:\\a\tb\nc", "C:\\d", "x:y:z");
    }
}
