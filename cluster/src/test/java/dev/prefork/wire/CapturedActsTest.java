package dev.prefork.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AddressType;
import dev.prefork.ListeningAddress;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.wire.CapturedFrames.Direction;
import dev.prefork.wire.CapturedFrames.Line;
import dev.prefork.wire.CapturedFrames.Version;
import dev.prefork.wire.QueryServer.Wishes;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What real Node's workers and primaries say, as our acts (SPEC C1, A8). */
class CapturedActsTest {
    /** Stands for every port and key that another capture would have otherwise. */
    private static final int SOME_PORT = 1;

    private static final String HOST = "127.0.0.1";
    private static final Wishes IPV6_ONLY = new Wishes(true, false, 0, false, false);
    private static final Wishes REUSE_ADDRESS = new Wishes(false, true, 0, false, false);

    private final List<Act> expected = new ArrayList<>(List.of(Act.Simple.ONLINE));

    @ParameterizedTest
    @EnumSource
    void givenListensOfTcp_whenRead_thenEachIsTheActThatTheWorkerMeant(Version version) {
        tcp(null, 0, AddressType.TCP4, Wishes.NONE);
        tcp(HOST, 0, AddressType.TCP4, Wishes.NONE);
        tcp("::1", 0, AddressType.TCP6, Wishes.NONE);
        tcp("::", 0, AddressType.TCP6, IPV6_ONLY);
        tcp(HOST, 0, AddressType.TCP4, backlog(version, 7, false));
        tcp(HOST, 0, AddressType.TCP4, Wishes.NONE);
        tcp(HOST, 0, AddressType.TCP4, Wishes.NONE);
        tcp(HOST, SOME_PORT, AddressType.TCP4, Wishes.NONE);

        List<Act> acts = acts(version, "listen-tcp", Direction.TO_PRIMARY);

        assertThat(acts).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void givenListensOnPaths_whenRead_thenTheyHaveNoPort(Version version) {
        unix("/tmp/frames/cwd/relative.sock", Wishes.NONE);
        unix("/tmp/frames/cwd/absolute.sock", Wishes.NONE);
        unix("/tmp/frames/cwd/open.sock", backlog(version, 3, true));
        unix("/tmp/frames/cwd/\0prefork-frames", Wishes.NONE);

        List<Act> acts = acts(version, "listen-unix", Direction.TO_PRIMARY);

        assertThat(acts).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void givenListensOnDescriptors_whenRead_thenTheyHaveNothingElse(Version version) {
        List<Act> acts = acts(version, "listen-fd", Direction.TO_PRIMARY);

        assertThat(acts)
                .containsSubsequence(
                        query(ListenAddress.ofDescriptor(19, AddressType.DESCRIPTOR), Wishes.NONE),
                        listening(null, SOME_PORT, AddressType.DESCRIPTOR, 19),
                        query(ListenAddress.ofDescriptor(20, AddressType.DESCRIPTOR), Wishes.NONE),
                        listening(null, -1, AddressType.DESCRIPTOR, 20));
    }

    @ParameterizedTest
    @EnumSource
    void givenDatagrams_whenRead_thenTheirFlagsAreWishes(Version version) {
        udp("0.0.0.0", AddressType.UDP4, Wishes.NONE);
        udp(HOST, AddressType.UDP4, Wishes.NONE);
        udp(HOST, AddressType.UDP4, Wishes.NONE);
        udp(HOST, AddressType.UDP4, REUSE_ADDRESS);
        udp("::1", AddressType.UDP6, Wishes.NONE);
        udp("::", AddressType.UDP6, IPV6_ONLY);
        expected.add(query(ListenAddress.ofDescriptor(21, AddressType.UDP4), Wishes.NONE));
        expected.add(listening(null, SOME_PORT, AddressType.UDP4, 21));
        expected.add(new Close("null:null:udp4:21:0"));

        List<Act> acts = acts(version, "datagrams", Direction.TO_PRIMARY);

        assertThat(acts).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void givenAServerOfTls_whenRead_thenItsTicketKeysAreData(Version version) {
        List<Act> acts = acts(version, "listen-tls", Direction.TO_PRIMARY);

        assertThat(acts)
                .filteredOn(QueryServer.class::isInstance)
                .isNotEmpty()
                .allSatisfy(
                        act ->
                                assertThat(((QueryServer) act).data())
                                        .asInstanceOf(
                                                org.assertj.core.api.InstanceOfAssertFactories.MAP)
                                        .containsOnlyKeys("ticketKeys"));
    }

    @ParameterizedTest
    @EnumSource
    void givenConnections_whenRead_thenTheyHaveTheKeyOfTheirGrant(Version version) {
        List<Act> acts = acts(version, "connections", Direction.TO_WORKER);

        assertThat(acts)
                .hasSizeGreaterThan(2)
                .startsWith(new NewConnection("127.0.0.1:1:4:undefined:0"));
    }

    @ParameterizedTest
    @EnumSource
    void givenAnEnd_whenRead_thenItIsAnnounced(Version version) {
        List<Act> byPrimary = acts(version, "disconnect-by-primary", Direction.TO_WORKER);
        List<Act> byWorker = acts(version, "disconnect-by-worker", Direction.TO_PRIMARY);

        assertThat(byPrimary).containsExactly(Act.Simple.DISCONNECT);
        assertThat(byWorker).endsWith(new ExitedAfterDisconnect());
    }

    private void tcp(String host, int port, AddressType type, Wishes wishes) {
        listens(host, port, type, -1, wishes, "undefined");
    }

    private void unix(String path, Wishes wishes) {
        ListenAddress address = ListenAddress.of(Optional.of(path), -1, AddressType.UNIX);
        expected.add(query(address, wishes));
        expected.add(listening(path, -1, AddressType.UNIX, -2));
        expected.add(new Close(path + ":-1:-1:undefined:0"));
    }

    private void udp(String host, AddressType type, Wishes wishes) {
        listens(host, 0, type, -1, wishes, "-1");
    }

    private void listens(
            String host, int port, AddressType type, int fd, Wishes wishes, String keyOfFd) {
        ListenAddress address = ListenAddress.of(Optional.ofNullable(host), port, type);
        expected.add(query(address, wishes));
        expected.add(listening(host, SOME_PORT, type, address.isUdp() ? fd : -2));
        String key = String.join(":", host + "", port + "", type.nodeValue() + "", keyOfFd, "0");
        expected.add(new Close(key));
    }

    private static QueryServer query(ListenAddress address, Wishes wishes) {
        return new QueryServer(address, 0, wishes, null, false);
    }

    /**
     * @param fd −2: not said
     */
    private static Listening listening(String host, int port, AddressType type, int fd) {
        return new Listening(
                new ListeningAddress(
                        Optional.ofNullable(host),
                        port,
                        type,
                        fd == -2 ? Optional.empty() : Optional.of(fd)));
    }

    /** Only v20 says it, and who may use a path. */
    private static Wishes backlog(Version version, int backlog, boolean all) {
        return switch (version) {
            case NODE_12_10 -> Wishes.NONE;
            case NODE_20 -> new Wishes(false, false, backlog, all, all);
        };
    }

    /** The acts of the first worker's channel. */
    private static List<Act> acts(Version version, String scenario, Direction direction) {
        return CapturedFrames.of(version, scenario)
                .filter(line -> line.worker() == 1 && line.direction() == direction)
                .map(Line::content)
                .filter(fields -> fields.get("act") instanceof String)
                .map(CapturedActsTest::read)
                .map(CapturedActsTest::withoutPort)
                .toList();
    }

    private static Act read(Map<String, Object> fields) {
        try {
            return Act.of((String) fields.get("act"), new Frame(fields)).orElseThrow();
        } catch (ProtocolException e) {
            throw new AssertionError("cannot read " + fields, e);
        }
    }

    private static Act withoutPort(Act act) {
        return switch (act) {
            case QueryServer query when query.address().port().orElse(0) > SOME_PORT ->
                    new QueryServer(
                            ListenAddress.of(
                                    query.address().address(), SOME_PORT, query.address().type()),
                            query.index(),
                            query.wishes(),
                            query.data(),
                            query.handoff());
            case Listening(ListeningAddress said) when said.port() > SOME_PORT ->
                    new Listening(
                            new ListeningAddress(
                                    said.address(), SOME_PORT, said.addressType(), said.fd()));
            case NewConnection(String key) -> new NewConnection(key.replaceAll(":\\d{4,}:", ":1:"));
            case Close(String key, _) -> new Close(key.replaceAll(":\\d{4,}:", ":1:"));
            default -> act;
        };
    }
}
