package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is not UTF-8 goes to a child, and comes from our own environment, as it is. */
@ExtendWith(NothingLeft.class)
class BytesStayBytesTest {
    /** {@code café} in ISO 8859-1, and a byte that is in no text. */
    private static final CString CAFE = CString.of("caf\u00e9\u00ff".getBytes(ISO_8859_1));

    @TempDir Path folder;

    @Test
    void givenArgumentsAndVariablesInAnyBytes_whenTheChildRuns_thenItHasThem() throws IOException {
        Spawn spawn =
                new Spawn(
                        CString.of("/bin/sh"),
                        List.of(
                                CString.of("-c"),
                                CString.of("printf %s \"$1$NAME\" | od -An -tx1"),
                                CString.of("sh"),
                                CAFE),
                        Map.of(
                                CString.of("NAME"),
                                CAFE,
                                CString.of("PATH"),
                                CString.of(System.getenv("PATH"))),
                        Optional.empty(),
                        Map.of(),
                        false);

        assertThat(Run.of(spawn).out().strip()).isEqualTo("63 61 66 e9 ff 63 61 66 e9 ff");
    }

    @Test
    void givenAFolderInAnyBytes_whenTheChildRuns_thenItIsThere() throws IOException {
        CString path = CString.of(folder.toString()).join('/', CAFE);
        Spawn make = shell("mkdir \"$1\"", path, Optional.empty());
        assertThat(Run.of(make).end()).isEqualTo(new ExitStatus.Exited(0));

        Run there = Run.of(shell("pwd -P | od -An -tx1 | tail -1", path, Optional.of(path)));
        assertThat(Run.of(shell("rmdir \"$1\"", path, Optional.empty())).end())
                .isEqualTo(new ExitStatus.Exited(0));

        assertThat(there.out().strip()).endsWith("e9 ff 0a");
    }

    private static Spawn shell(String script, CString argument, Optional<CString> directory) {
        return new Spawn(
                CString.of("/bin/sh"),
                List.of(CString.of("-c"), CString.of(script), CString.of("sh"), argument),
                Environment.ofThisProcess(),
                directory,
                Map.of(),
                false);
    }

    @Test
    void givenAnEnvironmentInAnyBytes_whenItIsReadInALocaleWithoutThem_thenItIsAsItWas()
            throws IOException {
        String[] java = Run.java(TellsItsEnvironment.class);
        Spawn spawn =
                new Spawn(
                        CString.of(java[0]),
                        List.of(java).subList(1, java.length).stream().map(CString::of).toList(),
                        Map.of(
                                CString.of("LC_ALL"), CString.of("C"),
                                CString.of("SECRET"), CString.of("taken"),
                                CString.of("EMPTY"), CString.of(""),
                                CString.of("NAME"), CAFE),
                        Optional.empty(),
                        Map.of(),
                        false);

        assertThat(Run.of(spawn).out().lines())
                .contains("NAME=636166e9ff", "EMPTY=", "LC_ALL=43")
                .noneMatch(line -> line.startsWith("SECRET"));
    }

    static final class TellsItsEnvironment {
        public static void main(String[] arguments) {
            Environment.take("SECRET");
            Environment.ofThisProcess()
                    .forEach(
                            (name, value) ->
                                    System.out.println(
                                            name
                                                    + "="
                                                    + java.util.HexFormat.of()
                                                            .formatHex(value.bytes())));
        }
    }
}
