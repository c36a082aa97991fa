package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** After a reload that failed, whoever dies is replaced by the version that served (SPEC F13). */
class KeptVersionIT {
    /** How the new version comes to be where the old one was. */
    enum Deploy {
        RENAMED {
            @Override
            void replace(Path old, Path next) throws IOException {
                Files.move(next, old, StandardCopyOption.ATOMIC_MOVE);
            }
        },
        WRITTEN_OVER {
            @Override
            void replace(Path old, Path next) throws IOException {
                Files.write(old, Files.readAllBytes(next));
            }
        };

        abstract void replace(Path old, Path next) throws IOException;
    }

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;
    private Path good;
    private Path bad;
    private int port;

    @BeforeEach
    void twoVersions() throws IOException {
        port = Ports.row(1);
        good = jar("app", "");
        bad = jar("bad", "System.exit(3);");
    }

    private Path jar(String name, String first) throws IOException {
        String source =
                """
                import java.net.*;

                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        FIRST
                        ServerSocket server = new ServerSocket(
                                Integer.parseInt(arguments[0]), 50, InetAddress.getLoopbackAddress());
                        while (true) {
                            try (Socket client = server.accept()) {
                                say(client);
                            }
                        }
                    }

                    static void say(Socket client) throws Exception {
                        String version = System.getProperty("version", "good");
                        client.getOutputStream().write(
                                (version + " " + ProcessHandle.current().pid()).getBytes());
                    }
                }
                """;
        Sources sources = new Sources(folder.resolve(name));
        Path classes = sources.compile(sources.write("Main.java", source.replace("FIRST", first)));
        return sources.jar(name + ".jar", "Main", classes);
    }

    private Program start(Object... words) {
        List<Object> all = new ArrayList<>(List.of("run", "-w", "2", "--ready-after", "0.3"));
        all.addAll(List.of(words));
        all.add(port);
        return programs.start(Command.prefork(all.toArray()));
    }

    private int pid(String version) throws IOException {
        String answer = Client.read(port);
        assertThat(answer).startsWith(version + " ");
        return Integer.parseInt(answer.substring(version.length() + 1));
    }

    @Rule("F13")
    @ParameterizedTest
    @EnumSource
    void givenAVersionThatFailed_whenAnOldWorkerIsKilled_thenTheOldVersionTakesItsPlace(
            Deploy deploy) throws Exception {
        Program prefork = start(good);
        prefork.awaitLine("prefork: serving .*");
        int killed = pid("good");
        deploy.replace(good, bad);
        prefork.signal("HUP");
        prefork.awaitLine("prefork: reload failed: .* died: exit code 3");

        Signals.send("KILL", killed);
        prefork.awaitLine("prefork: worker .* \\(pid %d\\) died: SIGKILL.*".formatted(killed));
        Signals.awaitGone(killed);

        assertThat(bothPids("good")).doesNotContain(killed);
    }

    /** Of two workers, as soon as both serve. */
    private Set<Integer> bothPids(String version) {
        Set<Integer> pids = new HashSet<>();
        await().until(
                        () -> {
                            pids.add(pid(version));
                            return pids.size() == 2;
                        });
        return pids;
    }

    @Test
    void givenAClassPath_whenItsJarIsReplaced_thenTheOldVersionTakesTheOldOnesPlace()
            throws Exception {
        Program prefork = start("-cp", good + ":" + folder + "/none/*", "Main");
        prefork.awaitLine("prefork: serving .*");
        int killed = pid("good");
        Deploy.RENAMED.replace(good, bad);
        prefork.signal("HUP");
        prefork.awaitLine("prefork: reload failed: .* died: exit code 3");

        Signals.send("KILL", killed);

        assertThat(bothPids("good")).doesNotContain(killed);
    }

    /** SPEC F15: what stands in a file of options is read again, and is a part of the version. */
    @Test
    void givenAFileOfOptions_whenItChanges_thenAReloadReadsItAndOneThatIsNotThereFails()
            throws Exception {
        Path options = Files.writeString(folder.resolve("options"), "-Dversion=one\n");
        Program prefork = start("@" + options, good);
        prefork.awaitLine("prefork: serving .*");
        pid("one");
        Files.writeString(options, "-Dversion=two\n");
        int killed = pid("one");
        Signals.send("KILL", killed);
        assertThat(bothPids("one")).doesNotContain(killed);

        prefork.signal("HUP");
        prefork.awaitLine("prefork: reloaded 2 workers.*");
        pid("two");
        Files.delete(options);
        prefork.signal("HUP");

        assertThat(prefork.awaitLine("prefork: reload failed: .*"))
                .contains("the file of options cannot be read; check its path");
        pid("two");
    }
}
