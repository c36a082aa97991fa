package dev.prefork.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AddressType;
import dev.prefork.ListeningAddress;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/** Addresses as people write them. */
class AddressesTest {
    private static String text(String host, int port, AddressType type) {
        return Addresses.text(
                new ListeningAddress(Optional.ofNullable(host), port, type, Optional.empty()));
    }

    @Test
    void givenAnyKindOfAddress_whenWritten_thenItReadsAsUsual() {
        assertThat(text(null, 8080, AddressType.TCP4)).isEqualTo("*:8080");
        assertThat(text("127.0.0.1", 8080, AddressType.TCP4)).isEqualTo("127.0.0.1:8080");
        assertThat(text("::1", 8080, AddressType.TCP6)).isEqualTo("[::1]:8080");
        assertThat(text(null, 5353, AddressType.UDP4)).isEqualTo("udp *:5353");
        assertThat(text("::", 5353, AddressType.UDP6)).isEqualTo("udp [::]:5353");
        assertThat(text("/run/app.sock", -1, AddressType.UNIX)).isEqualTo("/run/app.sock");
    }

    @Test
    void givenADescriptorThatIsNoSocket_whenWritten_thenItsNumberIsAllThereIs() {
        assertThat(
                        Addresses.text(
                                new ListeningAddress(
                                        Optional.empty(),
                                        -1,
                                        AddressType.DESCRIPTOR,
                                        Optional.of(9999))))
                .isEqualTo("fd 9999");
    }
}
