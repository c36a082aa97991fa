package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;

class SocketAddressesTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 80, 32768, 65535})
    void givenAnIpv4Address_whenItGoesThereAndBack_thenItIsTheSame(int port) throws Exception {
        InetSocketAddress address = new InetSocketAddress(ip(192, 0, 2, 255), port);

        assertThat(thereAndBack(address, 16)).isEqualTo(address);
    }

    @Test
    void givenAnIpv4Address_whenItIsEncoded_thenTheBytesAreThoseOfSockaddrIn() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.MAX_BYTES);

            SocketAddresses.encode(new InetSocketAddress(ip(127, 0, 0, 1), 0x1F90), raw);

            assertThat(raw.asSlice(0, 16).toArray(ValueLayout.JAVA_BYTE))
                    .containsExactly(2, 0, 0x1F, 0x90, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
        }
    }

    @Test
    void givenAnIpv6Address_whenItGoesThereAndBack_thenItIsTheSame() throws Exception {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.ofLiteral("2001:db8::17"), 443);

        assertThat(thereAndBack(address, 28)).isEqualTo(address);
    }

    @Test
    void givenAnIpv6AddressWithAScope_whenItGoesThereAndBack_thenTheScopeIsKept() throws Exception {
        byte[] linkLocal = InetAddress.ofLiteral("fe80::1").getAddress();
        InetSocketAddress address =
                new InetSocketAddress(Inet6Address.getByAddress(null, linkLocal, 4711), 443);

        InetSocketAddress back = (InetSocketAddress) thereAndBack(address, 28);

        assertThat(back).isEqualTo(address);
        assertThat(((Inet6Address) back.getAddress()).getScopeId()).isEqualTo(4711);
    }

    @Test
    void givenAnIpv4ClientOfAnIpv6Socket_whenItsAddressIsDecoded_thenItIsTheIpv4One()
            throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.MAX_BYTES);
            SocketAddresses.encode(
                    new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 80), raw);
            byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, 3};
            MemorySegment.copy(mapped, 0, raw, ValueLayout.JAVA_BYTE, 8, 16);

            assertThat(SocketAddresses.decode(raw, 28))
                    .isEqualTo(new InetSocketAddress(ip(10, 1, 2, 3), 80));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/run/prefork.sock", "relative.sock", "x"})
    void givenAUnixPath_whenItGoesThereAndBack_thenItIsTheSame(String path) {
        SocketAddress address = UnixDomainSocketAddress.of(path);

        assertThat(thereAndBack(address, 2 + path.length() + 1)).isEqualTo(address);
    }

    @Test
    void givenNoName_whenItGoesThereAndBack_thenItIsStillNoName() {
        SocketAddress unnamed = UnixDomainSocketAddress.of("");

        assertThat(thereAndBack(unnamed, 2)).isEqualTo(unnamed);
    }

    @Test
    void givenAnAddressOfNoBytes_whenItIsDecoded_thenItIsAUnixSocketWithoutAName() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.MAX_BYTES);

            assertThat(SocketAddresses.decode(raw, 0)).isEqualTo(UnixDomainSocketAddress.of(""));
        }
    }

    @Test
    void givenTheLongestPath_whenItGoesThereAndBack_thenItIsTheSame() {
        SocketAddress address = UnixDomainSocketAddress.of("/" + "a".repeat(106));

        assertThat(thereAndBack(address, 110)).isEqualTo(address);
    }

    @Test
    void givenAPathOneByteTooLong_whenItIsEncoded_thenItIsTheCallersMistake() {
        SocketAddress address = UnixDomainSocketAddress.of("/" + "a".repeat(107));

        assertThatThrownBy(() -> thereAndBack(address, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("107 bytes");
    }

    @Test
    void givenAPathThatFillsTheStructure_whenItIsDecoded_thenAllOfItIsThere() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.MAX_BYTES);
            raw.fill((byte) 'a');
            raw.set(ValueLayout.JAVA_SHORT, 0, (short) SocketAddresses.AF_UNIX);

            // What Linux says of a socket that another program bound to 108 bytes without a NUL.
            SocketAddress address = SocketAddresses.decode(raw, 111);

            assertThat(address).isEqualTo(UnixDomainSocketAddress.of("a".repeat(108)));
        }
    }

    @Test
    void givenAnUnresolvedHost_whenItIsEncoded_thenItIsTheCallersMistake() {
        SocketAddress address = InetSocketAddress.createUnresolved("nowhere.example", 80);

        assertThatThrownBy(() -> SocketAddresses.family(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("address=nowhere.example");
    }

    @Test
    void givenAForeignFamily_whenItIsDecoded_thenItIsNamed() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.MAX_BYTES);
            raw.set(ValueLayout.JAVA_SHORT, 0, (short) 16);

            assertThatThrownBy(() -> SocketAddresses.decode(raw, 12))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("address family=16");
        }
    }

    /** Over memory full of rubbish, as a buffer that is used again is. */
    private static SocketAddress thereAndBack(SocketAddress address, int expectedLength) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.MAX_BYTES).fill((byte) 0x55);
            int length = SocketAddresses.encode(address, raw);
            assertThat(length).isEqualTo(expectedLength);
            return SocketAddresses.decode(raw, length);
        }
    }

    private static InetAddress ip(int a, int b, int c, int d) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
    }
}
