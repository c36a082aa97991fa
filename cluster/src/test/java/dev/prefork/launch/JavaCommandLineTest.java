package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.launch.JavaCommandLine.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

class JavaCommandLineTest {
    private static final Path JAVA = Path.of("/opt/jdk/bin/java");

    /** Options that go to a worker, those of its module path, what runs, its arguments. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Main                                |                    |          |CLASS |Main  "
                        + " |",
                "Main a -b --c=d                     |                    |          |CLASS |Main  "
                        + " |a -b --c=d",
                "-cp x:y Main a                      |                    |          |CLASS |Main  "
                        + " |a",
                "-classpath x -Xmx1g Main            |-Xmx1g              |          |CLASS |Main  "
                        + " |",
                "--class-path=x -ea Main             |-ea                 |          |CLASS |Main  "
                        + " |",
                "--class-path x Main                 |                    |          |CLASS |Main  "
                        + " |",
                "-jar app.jar a                      |                    |          |JAR  "
                        + " |app.jar|a",
                "-Dx=y -jar app.jar -jar b.jar       |-Dx=y               |          |JAR  "
                        + " |app.jar|-jar b.jar",
                "-cp x -jar app.jar                  |                    |          |JAR  "
                        + " |app.jar|",
                "-p mods -m a/b.C d                  |                    |-p mods   |MODULE|a/b.C "
                        + " |d",
                "--module-path=mods --module a/b.C   |                   "
                        + " |--module-path=mods|MODULE|a/b.C|",
                "--module=a/b.C d e                  |                    |          |MODULE|a/b.C "
                        + " |d e",
                "--upgrade-module-path u -m a/b.C    |                    |--upgrade-module-path"
                        + " u|MODULE|a/b.C|",
                "Main.java a                         |                    |         "
                        + " |SOURCE|Main.java|a",
                "--source 25 Main a                  |--source 25         |          |SOURCE|Main  "
                        + " |a",
                "--source=25 script a                |--source=25         |          |SOURCE|script"
                        + " |a",
                "--add-opens java.base/a=B Main      |--add-opens java.base/a=B|     |CLASS |Main  "
                        + " |",
                "--add-opens=java.base/a=B Main      |--add-opens=java.base/a=B|     |CLASS |Main  "
                        + " |",
                "--add-modules java.sql Main         |--add-modules java.sql|        |CLASS |Main  "
                        + " |",
                "--enable-native-access X Main       |--enable-native-access X|      |CLASS |Main  "
                        + " |",
                "--enable-preview Main               |--enable-preview    |          |CLASS |Main  "
                        + " |",
                "-agentlib:jdwp=server=y Main -v     |-agentlib:jdwp=server=y|       |CLASS |Main  "
                        + " |-v",
                "-javaagent:a.jar -jar app.jar       |-javaagent:a.jar    |          |JAR  "
                        + " |app.jar|",
                "@opts Main a                        |@opts               |          |CLASS |Main  "
                        + " |a",
                "a/b/Main                            |                    |          |CLASS"
                        + " |a/b/Main|",
            })
    void givenACommandLine_whenItIsTakenApart_thenEachWordIsWhereItBelongs(
            String line,
            String options,
            String pathOptions,
            Kind kind,
            String program,
            String arguments) {
        Optional<JavaCommandLine> parsed = JavaCommandLine.parse(words(line));

        assertThat(parsed)
                .contains(
                        new JavaCommandLine(
                                words(options),
                                words(pathOptions),
                                kind,
                                program,
                                words(arguments)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-version", "-cp x", "-jar", "-m", "@argfile", "-Xmx1g --source 25"})
    void givenNoProgram_whenItIsTakenApart_thenItIsNotUnderstood(String line) {
        assertThat(JavaCommandLine.parse(words(line))).isEmpty();
    }

    @Test
    void givenAnArchiveOfAnotherName_thenItIsAJar(@TempDir Path folder) throws IOException {
        Path archive = Jars.write(folder.resolve("app.war"), "Main-Class: A\n");
        Path text = Files.writeString(folder.resolve("text"), "A");

        assertThat(Kind.of(archive.toString())).isEqualTo(Kind.JAR);
        assertThat(Kind.of(text.toString())).isEqualTo(Kind.SOURCE);
    }

    @ParameterizedTest
    @CsvSource({"app.jar,JAR", "a/b.C,MODULE", "B.java,SOURCE", "a/B.java,SOURCE", "a.b.C,CLASS"})
    void givenAName_thenItSaysWhatKindOfProgramItMeans(String name, Kind kind) {
        assertThat(Kind.of(name)).isEqualTo(kind);
    }

    /** Words may be empty or have spaces, and bytes that are no text. SPEC F1. */
    @Test
    void givenTheBytesOfACommandLine_whenTheyAreRead_thenEachWordIsKept() {
        byte[] bytes =
                "java\0-cp\0x\0Main\0two words\0\0caf\u00e9\0"
                        .getBytes(StandardCharsets.ISO_8859_1);

        JavaCommandLine line = JavaCommandLine.of(JAVA, JavaCommandLine.words(bytes)).orElseThrow();

        assertThat(line.program()).isEqualTo("Main");
        assertThat(line.arguments()).hasSize(3).startsWith("two words", "");
        assertThat(NativeText.OURS.encode(line.arguments().getLast()))
                .isEqualTo("caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Started as something else all the same, such as by exec -a. */
    @Test
    void givenJavaUnderAnotherName_whenItsWordsAreRead_thenTheFileCounts() {
        List<String> words = List.of("server", "Main");

        assertThat(JavaCommandLine.of(JAVA, words)).isPresent();
        assertThat(JavaCommandLine.of(Path.of("/opt/jdk/bin/java (deleted)"), words)).isPresent();
    }

    /** A launcher of jpackage: its first argument is no main class. */
    @ParameterizedTest
    @ValueSource(strings = {"/opt/app/bin/app", "/opt/jdk/bin/jshell", "/lib/ld-musl-x86_64.so.1"})
    void givenAnotherExecutable_whenItsWordsAreRead_thenTheyAreNotUnderstood(String executable) {
        List<String> words = List.of("java", "start");

        assertThat(JavaCommandLine.of(Path.of(executable), words)).isEmpty();
    }

    @Test
    void givenNoWordAtAll_whenItIsRead_thenItIsNotUnderstood() {
        assertThat(JavaCommandLine.of(JAVA, JavaCommandLine.words(new byte[0]))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Main a b|Main a b|true",
                "Main|Main|true",
                "Main|Mainframe|false",
                "-jar app.jar a|app.jar a|true",
                "-m a/b.C d|a/b.C d|true",
                "Main.java a|jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher Main.java"
                        + " a|true",
                "@args a b|com.acme.Main a b|false",
                "Main|''|true",
                "Zürich|Z??rich|true"
            })
    void givenWhatTheJvmSaysItRuns_whenAnArgfileHasNamedTheProgram_thenTheArgumentsAreNotTaken(
            String line, String command, boolean runs) {
        assertThat(JavaCommandLine.parse(words(line)).orElseThrow().isWhatRuns(command))
                .isEqualTo(runs);
    }

    private static List<String> words(String line) {
        return line == null || line.isEmpty() ? List.of() : Arrays.asList(line.split(" ", -1));
    }
}
