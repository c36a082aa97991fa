package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AcceptShortage;
import dev.prefork.AcceptShortage.Where;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({"PRIMARY, prefork has none left", "WORKER, a worker has none left"})
    void givenNoneLeftToAccept_whenConnectionsWait_thenWhoseLimitItIsIsSaidOnce(
            Where where, String who) {
        limit.toAccept(new AcceptShortage(where, "EMFILE"));
        limit.toAccept(new AcceptShortage(where, "EMFILE"));

        assertThat(said).singleElement().asString().contains("connections wait, as " + who, "500");
    }

    @Test
    void givenNoMemory_whenConnectionsWait_thenNoLimitIsNamed() {
        limit.toAccept(new AcceptShortage(Where.PRIMARY, "ENOMEM"));

        assertThat(said).singleElement().asString().contains("ENOMEM").doesNotContain("ulimit");
    }

    @Test
    void givenAnotherEnd_whenItIsTold_thenNothingIsSaid() {
        limit.ended(List.of());
        limit.ended(List.of("1 | bye"));

        assertThat(said).isEmpty();
    }
}
