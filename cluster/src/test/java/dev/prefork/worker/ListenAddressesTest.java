package dev.prefork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AddressType;
import dev.prefork.net.BindMode;
import dev.prefork.net.DatagramRequest;
import dev.prefork.net.DescriptorAddress;
import dev.prefork.net.ListenRequest;
import dev.prefork.wire.ListenAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** The JDK's addresses in Node's spelling: workers of both kinds share a port (SPEC A8). */
class ListenAddressesTest {
    private static final int PORT = 8000;

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "0.0.0.0, INET, false, 0.0.0.0, TCP4",
                "127.0.0.1, INET, false, 127.0.0.1, TCP4",
                "127.0.0.1, INET6, false, 127.0.0.1, TCP4",
                "::, INET6, false, none, TCP4",
                "0.0.0.0, INET6, false, none, TCP4",
                "::, INET6, true, ::, TCP6",
                "::1, INET6, false, ::1, TCP6",
                "0:0:0:0:0:0:0:1, INET6, false, ::1, TCP6",
                "2001:db8:0:0:1:0:0:1, INET6, false, 2001:db8::1:0:0:1, TCP6",
                "2001:db8:0:1:1:1:1:1, INET6, false, 2001:db8:0:1:1:1:1:1, TCP6",
                "fe80::1, INET6, true, fe80::1, TCP6",
                "::ffff:127.0.0.1, INET6, false, 127.0.0.1, TCP4",
            })
    void givenAHost_whenListenedOn_thenItIsNodesName(
            String host,
            StandardProtocolFamily family,
            boolean ipv6Only,
            String name,
            AddressType type) {
        BindMode mode = new BindMode(false, ipv6Only, false, false, false);

        ListenAddress address = ListenAddresses.of(new ListenRequest(inet(host), family, 1, mode));

        assertThat(address).isEqualTo(ListenAddress.of(Optional.ofNullable(name), PORT, type));
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, INET, 0.0.0.0, UDP4",
        "127.0.0.1, INET, 127.0.0.1, UDP4",
        "::, INET6, ::, UDP6",
        "0.0.0.0, INET6, ::, UDP6",
        "::1, INET6, ::1, UDP6",
        "127.0.0.1, INET6, ::ffff:127.0.0.1, UDP6",
    })
    void givenAHost_whenDatagramsAreBoundTo_thenItHasTheFamilyOfTheSocket(
            String host, StandardProtocolFamily family, String name, AddressType type) {
        DatagramRequest request = new DatagramRequest(inet(host), family, false, BindMode.USUAL);

        ListenAddress address = ListenAddresses.of(request);

        assertThat(address).isEqualTo(ListenAddress.of(Optional.of(name), PORT, type));
    }

    @ParameterizedTest
    @CsvSource({"some.sock", "./some.sock", "folder/../some.sock"})
    void givenARelativePath_whenListenedOn_thenItIsAbsolute(String path) {
        UnixDomainSocketAddress unix = UnixDomainSocketAddress.of(path);

        ListenAddress address =
                ListenAddresses.of(new ListenRequest(unix, StandardProtocolFamily.UNIX, 1));

        Optional<String> absolute = Optional.of(Path.of("some.sock").toAbsolutePath().toString());
        assertThat(address).isEqualTo(ListenAddress.of(absolute, -1, AddressType.UNIX));
    }

    @Test
    void givenADescriptor_whenListenedOn_thenItHasNothingElse() {
        DescriptorAddress descriptor = new DescriptorAddress(3);

        ListenAddress stream =
                ListenAddresses.of(new ListenRequest(descriptor, StandardProtocolFamily.INET, 1));
        ListenAddress datagrams =
                ListenAddresses.of(
                        new DatagramRequest(
                                descriptor, StandardProtocolFamily.INET6, false, BindMode.USUAL));

        assertThat(stream).isEqualTo(ListenAddress.ofDescriptor(3, AddressType.DESCRIPTOR));
        assertThat(datagrams).isEqualTo(ListenAddress.ofDescriptor(3, AddressType.UDP6));
    }

    private static InetSocketAddress inet(String host) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), PORT);
    }
}
