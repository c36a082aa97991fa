package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.examples.Examples;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM that allows nothing that can be forbidden, and has one thread for all virtual ones: the
 * program is served as in any other, and nothing of ours is warned of.
 */
@Rule("F1")
class LockedDownIT {
    /** Two servers whose accepts block on virtual threads, while a third one is to go on. */
    private static final String SOURCE =
            """
            import java.net.*;
            import java.nio.ByteBuffer;
            import java.nio.channels.*;

            public class Main {
                static volatile long ticks;

                public static void main(String[] arguments) throws Exception {
                    int port = Integer.parseInt(arguments[0]);
                    InetAddress here = InetAddress.getLoopbackAddress();
                    ServerSocket socket = new ServerSocket(port, 50, here);
                    ServerSocketChannel channel =
                            ServerSocketChannel.open().bind(new InetSocketAddress(here, port + 1));
                    Thread.ofVirtual().start(() -> {
                        while (true) {
                            try (Socket client = socket.accept()) {
                                client.getOutputStream().write(answer("socket"));
                            } catch (java.io.IOException gone) {
                            }
                        }
                    });
                    Thread.ofVirtual().start(() -> {
                        while (true) {
                            try (SocketChannel client = channel.accept()) {
                                client.write(ByteBuffer.wrap(answer("channel")));
                            } catch (java.io.IOException gone) {
                            }
                        }
                    });
                    Thread.ofVirtual().start(() -> {
                        while (true) {
                            ticks++;
                            try {
                                Thread.sleep(1);
                            } catch (InterruptedException e) {
                                return;
                            }
                        }
                    }).join();
                }

                static byte[] answer(String by) {
                    return (by + " " + ticks).getBytes();
                }
            }
            """;

    private static final List<String> LOCKED =
            List.of("--illegal-native-access=deny", "--sun-misc-unsafe-memory-access=deny");

    /** JEP 500. */
    private static final int FINAL_FIELDS_CAN_BE_LOCKED = 26;

    private static final List<String> ONE_CARRIER =
            List.of(
                    "-Djdk.virtualThreadScheduler.parallelism=1",
                    "-Djdk.virtualThreadScheduler.maxPoolSize=1");

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private static List<String> locked() {
        List<String> options = new ArrayList<>(LOCKED);
        if (Runtime.version().feature() >= FINAL_FIELDS_CAN_BE_LOCKED) {
            options.add("--illegal-final-field-mutation=deny");
        }
        return options;
    }

    /** The command itself is locked down as its workers are. */
    private static Command lockedPrefork(Object... arguments) {
        Command prefork = Command.prefork(arguments);
        List<String> words = new ArrayList<>(prefork.words());
        words.addAll(1, locked());
        return new Command(words, prefork.environment());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rr", "none", "reuseport"})
    void givenAJvmThatAllowsNothing_whenVirtualThreadsAccept_thenAllIsServedWithoutAWarning(
            String policy) throws Exception {
        int port = Ports.row(2);
        Sources sources = new Sources(folder);
        Path jar =
                sources.jar("app.jar", "Main", sources.compile(sources.write("Main.java", SOURCE)));
        List<Object> words = new ArrayList<>(List.of("run", "-w", "2", "--policy", policy));
        words.addAll(locked());
        words.addAll(ONE_CARRIER);
        words.addAll(List.of(jar, port));
        Program prefork = programs.start(lockedPrefork(words.toArray()));
        prefork.awaitLine("prefork: serving .*");

        // The accepts before had to wait.
        answers(port, "socket");
        answers(port + 1, "channel");
        long ticks = ticks(port);
        for (int i = 0; i < 100 && ticks == 0; i++) {
            ticks = ticks(port);
        }

        assertThat(ticks).isPositive();
        assertThatNothingIsWarnedOf(prefork);
        prefork.signal("TERM");
        assertThat(prefork.awaitExit()).isZero();
        assertThatNothingIsWarnedOf(prefork);
    }

    /** As the document of the library says: with native access for it, and nothing else. */
    @Test
    void givenALibrarysJvmThatAllowsNothingElse_whenWorkersServeAndSend_thenNothingIsWarnedOf()
            throws Exception {
        Command command = Command.java(Examples.class, "message-counter", 0);
        List<String> words = new ArrayList<>(command.words());
        words.addAll(1, locked());
        Program example = programs.start(new Command(words, command.environment()));

        int port = example.awaitNumber("Listening on port");
        assertThat(Client.get(port, "/")).isEqualTo("hello world\n");

        example.awaitLine("numReqs = 1");
        assertThatNothingIsWarnedOf(example);
    }

    private static void answers(int port, String by) throws IOException {
        for (int i = 0; i < 10; i++) {
            assertThat(Client.read(port)).startsWith(by + " ");
        }
    }

    private static long ticks(int port) throws IOException {
        return Long.parseLong(Client.read(port).split(" ", -1)[1]);
    }

    private static void assertThatNothingIsWarnedOf(Program program) {
        assertThat(program.lines()).noneMatch(line -> line.contains("WARNING"));
    }
}
