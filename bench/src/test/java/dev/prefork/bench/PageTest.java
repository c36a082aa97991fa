package dev.prefork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class PageTest {
    @TempDir private Path folder;

    @Test
    void thePageAndItsPlotsAreMadeOfTheResultsAlone() throws Exception {
        Page.write(Results.readAll(fixture("results")), folder.resolve("performance.md"));

        assertThat(folder.resolve("performance.md"))
                .hasSameTextualContentAs(fixture("performance.md"));
        assertThat(folder.resolve("performance/connections.svg"))
                .hasSameTextualContentAs(fixture("connections.svg"));
        try (Stream<Path> plots = Files.list(folder.resolve("performance"))) {
            assertThat(plots.map(plot -> plot.getFileName().toString()))
                    .containsExactlyInAnyOrder("connections.svg", "messages.svg", "fairness.svg");
        }
    }

    @Test
    void withoutResultsThereIsNoTable() {
        assertThat(new Page(List.of()).text()).doesNotContain("###");
    }

    private static Path fixture(String name) throws URISyntaxException {
        return Path.of(PageTest.class.getResource(name).toURI());
    }
}
