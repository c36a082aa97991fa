package dev.prefork.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.prefork.PortRules;
import dev.prefork.PortRules.Treatment;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.Properties;

class OwnPortsTest {
    private static final InetSocketAddress RULED = new InetSocketAddress("127.0.0.1", 9000);

    @Test
    void givenOffset_whenListenedOn_thenItIsThePortOfTheSlot() {
        OwnPorts ports = new OwnPorts(PortRules.parse("9000=offset"), 3);

        InetSocketAddress own = ports.ownAddress(RULED);

        assertThat(ports.treatmentOf(RULED)).isEqualTo(Treatment.OFFSET);
        assertThat(own).isEqualTo(new InetSocketAddress("127.0.0.1", 9003));
    }

    @Test
    void givenPrivateOrNoRule_whenListenedOn_thenItIsThePortThatWasAskedFor() {
        OwnPorts ports = new OwnPorts(PortRules.parse("9000=private"), 3);
        InetSocketAddress unruled = new InetSocketAddress("127.0.0.1", 9001);

        assertThat(ports.treatmentOf(RULED)).isEqualTo(Treatment.PRIVATE);
        assertThat(ports.treatmentOf(unruled)).isEqualTo(Treatment.SHARED);
        assertThat(ports.ownAddress(RULED)).isEqualTo(RULED);
        assertThat(ports.ownAddress(unruled)).isEqualTo(unruled);
    }

    @Test
    void givenAnyPort_whenListenedOn_thenItHasNoOffset() {
        OwnPorts ports = new OwnPorts(PortRules.parse("*=offset"), 3);
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);

        assertThat(ports.ownAddress(any)).isEqualTo(any);
    }

    @Test
    void givenAPortBeyondTheLast_whenListenedOn_thenTheExceptionSaysWhose() {
        OwnPorts ports = new OwnPorts(PortRules.parse("*=offset"), 3);
        InetSocketAddress last = new InetSocketAddress("127.0.0.1", 65535);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ports.ownAddress(last))
                .withMessageContaining("slot 3")
                .withMessageContaining("65538");
    }

    @Test
    void givenManagementPorts_whenTheWorkerStarts_thenTheyAreTheSlots() {
        OwnPorts ports = new OwnPorts(PortRules.parse(""), 3);
        Properties before = (Properties) System.getProperties().clone();
        try {
            System.setProperty("com.sun.management.jmxremote.port", "9010");
            System.setProperty("com.sun.management.jmxremote.rmi.port", "0");

            ManagementPorts.shift(ports);

            assertThat(System.getProperty("com.sun.management.jmxremote.port")).isEqualTo("9013");
            assertThat(System.getProperty("com.sun.management.jmxremote.rmi.port")).isEqualTo("0");
        } finally {
            System.setProperties(before);
        }
    }
}
