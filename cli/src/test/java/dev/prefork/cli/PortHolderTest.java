package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;

class PortHolderTest {
    private static final int OURS = Math.toIntExact(ProcessHandle.current().pid());

    @Test
    void givenAPortOfThisProcess_whenAsked_thenItIsThisProcessesWithItsCommand() throws Exception {
        try (ServerSocket listening = new ServerSocket(0);
                DatagramSocket bound = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertThat(PortHolder.of(listening.getLocalPort(), false))
                    .hasValueSatisfying(holder -> assertThat(holder.pid()).isEqualTo(OURS))
                    .hasValueSatisfying(holder -> assertThat(holder.command()).contains("java"));
            assertThat(PortHolder.of(bound.getLocalPort(), true))
                    .hasValueSatisfying(holder -> assertThat(holder.pid()).isEqualTo(OURS));
        }
    }

    @Test
    void givenAFreePort_whenAsked_thenNobodyHasIt() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }

        assertThat(PortHolder.of(port, false)).isEmpty();
    }
}
