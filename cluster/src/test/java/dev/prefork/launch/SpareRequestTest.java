package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ClusterSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/** Which workers may have been spares, and what these are started with. */
class SpareRequestTest {
    private final Launcher launcher =
            TestLauncher.of(
                    (_, _) -> {
                        throw new AssertionError("nothing is started here");
                    });

    private static ClusterSettings.Builder spares() {
        return ClusterSettings.builder().standalone(true).exec("Main").spares(2);
    }

    private static LaunchRequest request(ClusterSettings.Builder settings, Place place) {
        return new LaunchRequest(
                7, settings.build(), Map.of("PREFORK_SLOT", "3", "COLOUR", "red"), place, null);
    }

    private boolean mayBeSpare(ClusterSettings.Builder settings) {
        return launcher.mayBeSpare(request(settings, Place.EMPTY_SLOT));
    }

    @ParameterizedTest
    @CsvSource({"EMPTY_SLOT,true", "OCCUPIED_SLOT,true", "NONE,false"})
    void givenAPlace_thenOnlyThatOfASlotIsASpares(Place place, boolean may) {
        assertThat(launcher.mayBeSpare(request(spares(), place))).isEqualTo(may);
    }

    @Test
    void givenNoneAreWanted_thenItIsNone() {
        assertThat(mayBeSpare(spares().spares(0))).isFalse();
        assertThat(mayBeSpare(ClusterSettings.builder().standalone(true).exec("Main"))).isFalse();
    }

    @Test
    void givenAnotherProgramThanAStandaloneOne_thenItIsNone() {
        assertThat(mayBeSpare(spares().standalone(false))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"5005,false", "*:5005,false", "0,true"})
    void givenADebugger_thenItsPortIsASlots(String address, boolean may) {
        String option = "-agentlib:jdwp=transport=dt_socket,server=y,address=" + address;

        assertThat(mayBeSpare(spares().execArgv(option))).isEqualTo(may);
    }

    @Test
    void givenAPortForEachDebugger_thenItIsNone() {
        assertThat(mayBeSpare(spares().inspectPort(9229))).isFalse();
    }

    @Test
    void givenWorkersOfSeveralSlots_thenTheirSparesAreTheSame() {
        LaunchRequest other =
                new LaunchRequest(
                        8,
                        spares().build(),
                        Map.of("PREFORK_SLOT", "4", "COLOUR", "red"),
                        Place.OCCUPIED_SLOT,
                        null);

        LaunchRequest spare = request(spares(), Place.EMPTY_SLOT).forSpare();

        assertThat(other.forSpare()).isEqualTo(spare);
        assertThat(spare.environment()).containsExactly(Map.entry("COLOUR", "red"));
        assertThat(other.appointment()).isEqualTo(new Appointment(8, "4"));
    }
}
