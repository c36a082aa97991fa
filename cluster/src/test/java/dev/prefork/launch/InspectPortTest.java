package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.ClusterSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class InspectPortTest {
    private static final String JDWP = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-agentlib:jdwp=server=y,address=5005|-agentlib:jdwp=server=y,address=5006",
                "-agentlib:jdwp=address=*:5005,server=y|-agentlib:jdwp=address=*:5006,server=y",
                "-Xrunjdwp:server=y,address=[::1]:5005|-Xrunjdwp:server=y,address=[::1]:5006",
                "-agentpath:/x/libjdwp.so=server=y,address=h:5005|-agentpath:/x/libjdwp.so=server=y,address=h:5006"
            })
    void givenADebuggerThatListens_whenAWorkerIsForked_thenItHasTheNextPort(
            String ours, String theirs) {
        assertThat(new InspectPort(List.of(ours)).next(settings(ours).build()))
                .containsExactly("-Xmx1g", theirs);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-agentlib:jdwp=server=n,address=h:5005",
                "-agentlib:jdwp=address=h:5005",
                "-agentlib:jdwp=server=y,address=0",
                "-agentlib:jdwp=server=y",
                "-agentlib:other=server=y,address=5005"
            })
    void givenNoPortToListenOn_whenAWorkerIsForked_thenItsOptionsAreUnchanged(String option) {
        assertThat(new InspectPort(List.of(option)).next(settings(option).build()))
                .containsExactly("-Xmx1g", option);
    }

    @Test
    void givenManyWorkers_whenThePortsAreUsedUp_thenTheyGoOnFrom1024AsNodes() {
        InspectPort ports = new InspectPort(List.of(JDWP + ",address=65534"));
        ClusterSettings settings = settings(JDWP + ",address=65534").build();

        assertThat(ports.next(settings)).contains(JDWP + ",address=65535");
        assertThat(ports.next(settings)).contains(JDWP + ",address=1024");
        assertThat(ports.next(settings)).contains(JDWP + ",address=1025");
    }

    @Test
    void givenAPrimaryWithAnotherPort_whenAWorkerIsForked_thenThePrimarysIsCountedUp() {
        InspectPort ports = new InspectPort(List.of(JDWP + ",address=7000"));

        assertThat(ports.next(settings(JDWP + ",address=5005").build()))
                .contains(JDWP + ",address=7001");
    }

    @Test
    void givenAnInspectPort_whenAWorkerIsForked_thenItHasThat() {
        InspectPort ports = new InspectPort(List.of());

        assertThat(ports.next(settings(JDWP + ",address=*:5005").inspectPort(6000).build()))
                .contains(JDWP + ",address=*:6000");
        assertThat(ports.next(settings(JDWP).inspectPort(() -> 6001).build()))
                .contains(JDWP + ",address=6001");
        assertThat(ports.next(ClusterSettings.builder().inspectPort(6000).build())).isEmpty();
    }

    @Test
    void givenASupplierOfNoPort_whenAWorkerIsForked_thenItIsRefused() {
        ClusterSettings settings = settings(JDWP).inspectPort(() -> 65536).build();

        assertThatThrownBy(() -> new InspectPort(List.of()).next(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inspectPort=65536");
    }

    private static ClusterSettings.Builder settings(String option) {
        return ClusterSettings.builder().execArgv("-Xmx1g", option);
    }
}
