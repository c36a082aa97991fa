package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An application has libraries that ours has inside, of other versions. */
class OtherVersionsIT {
    private static final String SOURCE =
            """
            import com.google.gson.Gson;
            import com.google.gson.stream.JsonReader;
            import dev.prefork.*;
            import java.math.BigDecimal;

            public class Main {
                record Order(BigDecimal price) {}

                public static void main(String[] args) {
                    if (Cluster.isWorker()) {
                        Cluster.worker().onMessage(Order.class, Cluster.worker()::send);
                        return;
                    }
                    Cluster.onMessage(Order.class, (worker, order) -> {
                        System.out.println("back " + order.price());
                        System.out.println("version " + Gson.VERSION + " " + JsonReader.VERSION);
                        worker.disconnect();
                    });
                    Cluster.fork().send(new Order(new BigDecimal("0.10")));
                }
            }
            """;

    /** All that they have: nothing that we call. */
    private static final String OTHER =
            "package %s; public class %s { public static final Integer VERSION = %d; }";

    @TempDir Path folder;

    @RegisterExtension final Programs programs = new Programs();

    @Test
    void givenOthersOfTheSameNamesInFront_whenTypedMessagesAreSent_thenEachHasItsOwn()
            throws IOException {
        Sources sources = new Sources(folder);
        Path gson =
                sources.write(
                        "com/google/gson/Gson.java", OTHER.formatted("com.google.gson", "Gson", 1));
        Path reader =
                sources.write(
                        "com/google/gson/stream/JsonReader.java",
                        OTHER.formatted("com.google.gson.stream", "JsonReader", 2));
        Path classes =
                sources.compile(
                        "app",
                        List.of("-cp", Library.path()),
                        sources.write("Main.java", SOURCE),
                        gson,
                        reader);

        List<String> words = new ArrayList<>(List.of(Command.javaExecutable()));
        words.addAll(Sample.OPTIONS);
        words.addAll(List.of("-cp", Library.path(classes), "Main"));
        Program program = programs.start(new Command(words, Map.of()));

        assertThat(program.awaitLine("back")).isEqualTo("back 0.10");
        assertThat(program.awaitLine("version")).isEqualTo("version 1 2");
        assertThat(program.awaitExit()).isZero();
    }
}
