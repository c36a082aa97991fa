package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A primary that ends in the middle of its own code: in a listener, or in its main. */
class PrimaryEndIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Ends where the first argument says; a shutdown hook sees to its workers. */
    static final class ExitInListener {
        public static void main(String[] args) {
            if (!Cluster.isPrimary()) {
                return;
            }
            Runtime.getRuntime().addShutdownHook(new Thread(ExitInListener::disconnect));
            Worker leaving = Cluster.fork();
            Worker other = Cluster.fork();
            switch (args[0]) {
                case "online" -> leaving.onOnline(() -> System.exit(4));
                case "disconnect" -> leaving.onDisconnect(() -> System.exit(4));
                case "exit" -> leaving.onExit(_ -> System.exit(4));
                case "future" -> {
                    var _ = Cluster.disconnect().thenRun(() -> System.exit(4));
                    var _ = Cluster.disconnect().thenRun(() -> System.out.println("second"));
                }
                // The end has begun by then, and System.exit waits for it elsewhere.
                case "late" -> Cluster.onDisconnect(_ -> System.exit(4));
                default -> throw new IllegalArgumentException(args[0]);
            }
            other.onOnline(() -> System.out.println("both run"));
            if (!args[0].equals("late")) {
                leaving.disconnect();
            }
        }

        private static void disconnect() {
            try {
                Cluster.disconnect().get(60, TimeUnit.SECONDS);
                System.out.println("gone");
            } catch (Exception e) {
                System.out.println("not gone: " + e);
            }
        }
    }

    @Rule("B2")
    @ParameterizedTest
    @ValueSource(strings = {"online", "disconnect", "exit", "future"})
    void givenAHookThatWaitsForTheWorkers_whenAListenerExits_thenTheHookIsTold(String where) {
        Program primary = programs.java(ExitInListener.class, where);

        assertThat(primary.awaitEnd()).isEqualTo(4);

        assertThat(primary.lines()).contains("gone");
    }

    @Rule("B2")
    @Test
    void givenAHookThatWaitsForTheWorkers_whenTheirEndMakesAListenerExit_thenTheHookIsTold() {
        Program primary = programs.java(ExitInListener.class, "late");
        primary.awaitLine("both run");

        primary.signal("TERM");

        assertThat(primary.awaitEnd()).isEqualTo(143);
        assertThat(primary.lines()).contains("gone");
    }

    /** Waits where it cannot, and where it can. */
    static final class WaitInListener {
        public static void main(String[] args) {
            if (!Cluster.isPrimary()) {
                return;
            }
            Worker worker = Cluster.fork();
            worker.onOnline(
                    () -> {
                        try {
                            var _ = worker.disconnect().disconnected().get(60, TimeUnit.SECONDS);
                        } catch (Exception e) {
                            System.out.println("listener: " + e);
                        }
                    });
            System.out.println("main: " + worker.exited().join());
        }
    }

    @Test
    void givenAListener_whenItWaitsForAnEvent_thenItIsToldThatItCannot() {
        Program primary = programs.java(WaitInListener.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .anyMatch(
                        line ->
                                line.startsWith(
                                        "listener: java.lang.IllegalStateException: a listener"
                                                + " cannot wait for an event: "))
                .contains("main: code 0");
    }

    /** Has a worker, and then a fault. */
    static final class FaultyMain {
        public static void main(String[] args) throws IOException {
            if (!Cluster.isPrimary()) {
                return;
            }
            Worker worker = Cluster.fork();
            worker.online().join();
            System.out.println("worker " + worker.process().pid());
            if (args.length > 0) {
                // Goes on without main, as in any JVM.
                new Thread(
                                () -> {
                                    try {
                                        var _ = System.in.read();
                                        System.out.println("sent " + worker.send("still there"));
                                    } catch (IOException e) {
                                        System.out.println(e);
                                    }
                                })
                        .start();
            }
            throw new IllegalStateException("main's own fault");
        }
    }

    @Rule("F11")
    @Test
    void givenWorkers_whenMainThrows_thenThePrimaryEndsAsAnyProgramAndTheyDoSoToo() {
        Program primary = programs.java(FaultyMain.class);

        assertThat(primary.awaitEnd()).isEqualTo(1);

        assertThat(primary.lines())
                .contains(
                        "Exception in thread \"main\" java.lang.IllegalStateException: main's own"
                                + " fault");
    }

    @Rule("F11")
    @Test
    void givenAThreadOfTheProgram_whenMainThrows_thenThePrimaryLivesForAsLongAsThat() {
        Program primary = programs.java(FaultyMain.class, "and a thread");
        primary.awaitLine("Exception in thread");

        primary.tellNoMore();

        assertThat(primary.awaitEnd()).isEqualTo(1);
        assertThat(primary.lines()).contains("sent true");
    }

    /** A worker that no class of ours starts: a source file. */
    static final class SourceFile {
        public static void main(String[] args) {
            Cluster.setupPrimary(ClusterSettings.builder().exec(args[0]).build());
            Cluster.onExit((_, exit) -> System.out.println("worker ended with " + exit));
            Cluster.fork();
        }
    }

    @Rule("A17")
    @Test
    void givenAWorkerOfASourceFile_whenItsMainThrows_thenItEndsWithCode1(@TempDir Path folder)
            throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("Faulty.java"),
                        """
                        public class Faulty {
                            public static void main(String[] args) {
                                dev.prefork.Cluster.worker().send("begun");
                                throw new IllegalStateException("the worker's own fault");
                            }
                        }
                        """);

        Program primary = programs.java(SourceFile.class, file);

        assertThat(primary.awaitEnd()).isZero();
        assertThat(primary.lines()).contains("worker ended with code 1");
    }
}
