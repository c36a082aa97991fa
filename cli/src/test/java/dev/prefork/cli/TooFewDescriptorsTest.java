package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What is said, once, when a limit is short. */
class TooFewDescriptorsTest {
    private final List<String> said = new ArrayList<>();
    private final TooFewDescriptors limit = new TooFewDescriptors(said::add, 500);

    @Test
    void givenAWorkerWithoutDescriptors_whenItEnds_thenTheLimitAndTheWayOutAreSaidOnce() {
        limit.ended(List.of("1 | java.net.SocketException: Too many open files"));
        limit.ended(List.of("2 | java.net.SocketException: Too many open files"));
        limit.toListen("*:8000");

        assertThat(said).hasSize(1);
        assertThat(said.getFirst())
                .startsWith("too few descriptors, 500 (ulimit -n): a worker had none left")
                .contains("ulimit -n 2000", "LimitNOFILE=2000");
    }

    @Test
    void givenNoneLeftHere_whenAWorkerListens_thenTheAddressIsNamed() {
        limit.toListen("*:8000");

        assertThat(said.getFirst()).contains("prefork has none left to listen on *:8000");
    }

    @Test
    void givenAnotherEnd_whenItIsTold_thenNothingIsSaid() {
        limit.ended(List.of());
        limit.ended(List.of("1 | bye"));

        assertThat(said).isEmpty();
    }
}
