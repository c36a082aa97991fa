package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A primary without the options that docs/library.md has, and one with no others. */
class OptionsIT {
    private static final String CHANNELS = "java.base/sun.nio.ch=ALL-UNNAMED";
    private static final String SOCKETS = "java.base/java.net=ALL-UNNAMED";

    private static final String SOURCE =
            """
            import dev.prefork.*;
            import java.net.*;
            import java.nio.channels.*;

            public class Options {
                public static void main(String[] args) throws Exception {
                    if (Cluster.isWorker()) {
                        Cluster.worker().onMessage(m -> Cluster.worker().send("got " + m.handle().isPresent()));
                        return;
                    }
                    Cluster.onMessage((w, m) -> {
                        System.out.println(m);
                        w.kill();
                    });
                    Worker worker = Cluster.fork();
                    var server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
                    var client = SocketChannel.open(server.getLocalAddress());
                    try {
                        switch (args[0]) {
                            case "channel" -> worker.send("take it", server.accept());
                            case "socket" -> worker.send("take it", new Socket("127.0.0.1",
                                    ((InetSocketAddress) server.getLocalAddress()).getPort()));
                            case "fd" -> Cluster.listen(ListenOptions.fd(7));
                            default -> throw new IllegalArgumentException(args[0]);
                        }
                    } catch (Exception e) {
                        System.out.println(e);
                        worker.process().kill("SIGKILL");
                    }
                }
            }
            """;

    @TempDir static Path folder;
    private static Path classes;

    @RegisterExtension final Programs programs = new Programs();

    @BeforeAll
    static void compile() throws IOException {
        classes = Library.compile(new Sources(folder), "Options", SOURCE);
    }

    private Program start(String what, String... options) {
        List<String> words = new ArrayList<>(Arrays.asList(options));
        words.addAll(List.of("-cp", Library.path(classes), "Options", what));
        return java(words);
    }

    private Program java(List<String> words) {
        List<String> command = new ArrayList<>(List.of(Command.javaExecutable()));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
        command.addAll(words);
        return programs.start(new Command(command, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "channel, sending a socket, ''",
        "socket, sending a socket, java.base/java.net=ALL-UNNAMED",
        "fd, such a listen, ''"
    })
    void givenNoOptions_whenASocketIsSentOrMade_thenOneExceptionNamesThemAll(
            String what, String act, String more) {
        Program program = start(what, "--enable-native-access=ALL-UNNAMED");

        assertThat(program.awaitLine("java.lang.IllegalStateException: "))
                .contains(act, "--add-exports " + CHANNELS, "--add-opens " + CHANNELS, more)
                .contains("Add-Exports: java.base/sun.nio.ch", "Add-Opens: java.base/sun.nio.ch");
        assertThat(program.awaitExit()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"channel", "socket"})
    void givenTheOptionsAndNothingElseAllowed_whenASocketIsSent_thenTheWorkerHasIt(String what) {
        Program program =
                start(
                        what,
                        "--illegal-native-access=deny",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-exports=" + CHANNELS,
                        "--add-opens=" + CHANNELS,
                        "--add-opens=" + SOCKETS);

        assertThat(program.awaitLine("got")).isEqualTo("got true");
        assertThat(program.awaitExit()).isZero();
        assertThat(program.lines()).noneMatch(line -> line.contains("WARNING"));
    }

    /** As one that keeps the attributes of the library's jar. */
    @Test
    void givenOneJarOfAll_whenASocketIsSent_thenNobodyHasTypedAnOption() throws IOException {
        Path all = Library.unpack(Files.createDirectories(folder.resolve("all")));
        Files.copy(classes.resolve("Options.class"), all.resolve("Options.class"));
        Map<String, String> attributes = new HashMap<>(Library.attributes());
        attributes.put("Main-Class", "Options");
        Path jar = new Sources(folder).jar("all.jar", all, attributes);

        Program program =
                java(List.of("--illegal-native-access=deny", "-jar", jar.toString(), "socket"));

        assertThat(program.awaitLine("got")).isEqualTo("got true");
        assertThat(program.awaitExit()).isZero();
        assertThat(program.lines()).noneMatch(line -> line.contains("WARNING"));
    }

    @Test
    void givenNoNativeAccess_whenTheClusterIsUsed_thenTheJvmSaysSo() {
        Program program = start("channel", "--illegal-native-access=deny");

        assertThat(program.awaitExit()).isEqualTo(1);
        assertThat(program.lines())
                .anyMatch(line -> line.contains("--enable-native-access=ALL-UNNAMED"));
    }
}
