package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;

class ListenRequestTest {
    private static final SocketAddress PATH = UnixDomainSocketAddress.of("/nowhere/x");

    @ParameterizedTest
    @CsvSource({"INET,0.0.0.0", "INET6,0:0:0:0:0:0:0:0"})
    void givenNoAddress_whenAServerBinds_thenItIsTheWildcardOfTheFamily(
            StandardProtocolFamily family, String wildcard) throws IOException {
        InetSocketAddress address =
                (InetSocketAddress) ListenRequest.of(null, family, 1, BindMode.USUAL).address();

        assertThat(address.getAddress().getHostAddress()).isEqualTo(wildcard);
        assertThat(address.getPort()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"-1,2147483647", "0,2147483647", "1,1", "50,50", "1000,1000"})
    void givenABacklog_whenAServerBinds_thenLessThanOneMeansAsManyAsTheSystemAllows(
            int given, int asked) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

        assertThat(
                        ListenRequest.of(any, StandardProtocolFamily.INET, given, BindMode.USUAL)
                                .backlog())
                .isEqualTo(asked);
    }

    @Test
    void givenAnIpv4Socket_whenAServerBindsAnIpv6Address_thenItIsUnsupported() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);

        assertThatThrownBy(
                        () ->
                                ListenRequest.of(
                                        address, StandardProtocolFamily.INET, 1, BindMode.USUAL))
                .isInstanceOf(UnsupportedAddressTypeException.class);
    }

    @Test
    void givenAnIpv6Socket_whenAServerBindsAnIpv4Address_thenTheAddressIsPassedOn()
            throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 80);

        assertThat(
                        ListenRequest.of(address, StandardProtocolFamily.INET6, 1, BindMode.USUAL)
                                .address())
                .isEqualTo(address);
    }

    @Test
    void givenAnAddressOfAnotherFamily_whenAServerBinds_thenItIsUnsupported() {
        assertThatThrownBy(
                        () ->
                                ListenRequest.of(
                                        PATH, StandardProtocolFamily.INET6, 1, BindMode.USUAL))
                .isInstanceOf(UnsupportedAddressTypeException.class);
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        assertThatThrownBy(
                        () ->
                                ListenRequest.of(
                                        address, StandardProtocolFamily.UNIX, 1, BindMode.USUAL))
                .isInstanceOf(UnsupportedAddressTypeException.class);
    }

    @Test
    void givenANameThatWasNotFound_whenAServerBinds_thenItIsUnresolved() {
        InetSocketAddress address = InetSocketAddress.createUnresolved("nowhere.invalid", 80);

        assertThatThrownBy(
                        () ->
                                ListenRequest.of(
                                        address, StandardProtocolFamily.INET6, 1, BindMode.USUAL))
                .isInstanceOf(UnresolvedAddressException.class);
    }
}
