package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** SPEC B4. */
@ExtendWith(NothingLeft.class)
class EnvironmentTest {
    @Test
    void givenAVariable_whenItIsTaken_thenNeitherThisProgramNorItsChildrenSeeIt()
            throws IOException {
        Run run = run(Map.of("PREFORK_SECRET", "1=ä x", "PREFORK_OTHER", "kept"), "PREFORK_SECRET");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly(
                        "taken=1=ä x",
                        "taken again=none",
                        "getenv=null",
                        "other=kept",
                        "child=PREFORK_OTHER=kept");
    }

    @Test
    void givenALongOrEmptyVariable_whenItIsTaken_thenAllOfItIsThere() throws IOException {
        String longest = "x".repeat(131_072 - "A=".length() - 1);

        assertThat(run(Map.of("A", longest), "A").out().lines().findFirst())
                .contains("taken=" + longest);
        assertThat(run(Map.of("A", ""), "A").out().lines().findFirst()).contains("taken=");
    }

    @Test
    void givenNoSuchVariable_whenItIsTaken_thenThereIsNone() {
        assertThat(Environment.take("PREFORK_NO_SUCH_VARIABLE")).isEmpty();
    }

    /** Bytes that are no text stay what they are. */
    @Test
    void givenAPartOfAVariable_whenItIsCut_thenTheRestIsLeftAndNothingOfAnEmptyOne() {
        CString name = CString.of("PREFORK_CUT");
        byte[] rest = {' ', (byte) 0xE4, (byte) 0xFF, 'z'};
        byte[] whole = {'a', 'b', ' ', (byte) 0xE4, (byte) 0xFF, 'z'};
        Environment.put(name, CString.of(whole));

        Environment.cut("PREFORK_CUT", Pattern.compile("^no"));
        assertThat(Environment.ofThisProcess().get(name).bytes()).isEqualTo(whole);
        Environment.cut("PREFORK_CUT", Pattern.compile("^ab"));
        assertThat(Environment.ofThisProcess().get(name).bytes()).isEqualTo(rest);
        Environment.cut("PREFORK_CUT", Pattern.compile("(?s).*"));
        assertThat(Environment.ofThisProcess()).doesNotContainKey(name);
        Environment.cut("PREFORK_CUT", Pattern.compile("^ab"));
        assertThat(Environment.ofThisProcess()).doesNotContainKey(name);
    }

    private static Run run(Map<String, String> variables, String taken) throws IOException {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("PATH", System.getenv("PATH"));
        String[] command = Run.java(TakesAVariable.class, taken);
        List<String> arguments = List.of(command).subList(1, command.length);
        return Run.of(new Spawn(command[0], arguments, environment, Optional.empty(), Map.of()));
    }

    static final class TakesAVariable {
        public static void main(String[] arguments) throws Exception {
            String name = arguments[0];
            say("taken=" + Environment.take(name).orElse("none"));
            say("taken again=" + Environment.take(name).orElse("none"));
            say("getenv=" + System.getenv(name));
            say("other=" + System.getenv("PREFORK_OTHER"));
            Process child = new ProcessBuilder("env").start();
            child.inputReader()
                    .lines()
                    .filter(line -> line.startsWith("PREFORK_"))
                    .forEach(line -> say("child=" + line));
            child.waitFor();
        }

        /** In UTF-8, whatever the locale. */
        private static void say(String line) {
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            System.out.write(bytes, 0, bytes.length);
            System.out.flush();
        }
    }
}
