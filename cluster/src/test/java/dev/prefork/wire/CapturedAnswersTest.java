package dev.prefork.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.posix.Errno;
import dev.prefork.wire.CapturedFrames.Direction;
import dev.prefork.wire.CapturedFrames.Line;
import dev.prefork.wire.CapturedFrames.Version;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What real Node answers, as our answers (SPEC A8, E1). */
class CapturedAnswersTest {
    @ParameterizedTest
    @EnumSource
    void givenGrantsOfRoundRobin_whenRead_thenTheyHaveTheirAddress(Version version) {
        List<Grant> grants = grants(version, "listen-tcp");

        assertThat(grants)
                .hasSize(8)
                .allMatch(grant -> grant.errno() == 0 && grant.way() == Grant.Way.CHANNEL);
        assertThat(grants.stream().map(grant -> host(grant).orElseThrow()))
                .containsExactly(
                        "0:0:0:0:0:0:0:0",
                        "127.0.0.1",
                        "0:0:0:0:0:0:0:1",
                        "0:0:0:0:0:0:0:0",
                        "127.0.0.1",
                        "127.0.0.1",
                        "127.0.0.1",
                        "127.0.0.1");
        assertThat(grants.getLast())
                .isEqualTo(
                        new Grant(
                                0,
                                "127.0.0.1:21573:4:undefined:0",
                                null,
                                Optional.of(new InetSocketAddress("127.0.0.1", 21573)),
                                Grant.Way.CHANNEL));
    }

    @ParameterizedTest
    @EnumSource
    void givenGrantsWithASocket_whenRead_thenZeroIsNoError(Version version) {
        List<Grant> grants = grants(version, "listen-tcp-shared");

        assertThat(grants)
                .hasSizeGreaterThan(4)
                .allMatch(grant -> grant.errno() == 0 && grant.sockname().isEmpty())
                .allMatch(grant -> grant.way() == Grant.Way.SHARED);
    }

    @ParameterizedTest
    @EnumSource
    void givenGrantsOfPaths_whenRead_thenTheyHaveNoAddress(Version version) {
        List<Grant> grants = grants(version, "listen-unix");

        assertThat(grants)
                .hasSize(4)
                .allMatch(grant -> grant.errno() == 0 && grant.sockname().isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void givenRefusals_whenRead_thenTheirErrnoIsPositive(Version version) {
        List<Grant> streams = grants(version, "listen-errors");
        List<Grant> datagrams = grants(version, "datagrams-errors");

        assertThat(streams.stream().map(Grant::errno))
                .containsExactly(
                        Errno.EADDRINUSE,
                        Errno.EACCES,
                        Errno.EADDRNOTAVAIL,
                        Errno.EADDRINUSE,
                        Errno.EACCES,
                        Errno.EINVAL,
                        Errno.EINVAL);
        assertThat(datagrams.stream().map(Grant::errno))
                .containsExactly(
                        Errno.EADDRINUSE,
                        Errno.EACCES,
                        Errno.EADDRNOTAVAIL,
                        Errno.EINVAL,
                        Errno.EINVAL);
    }

    @ParameterizedTest
    @EnumSource
    void givenAnswersOfWorkers_whenRead_thenTheySayWhetherTheyHaveTheConnection(Version version) {
        List<Boolean> taken = accepted(version, "connections");
        List<Boolean> refused = accepted(version, "connection-to-closed");

        assertThat(taken).isNotEmpty().containsOnly(true);
        assertThat(refused).contains(false);
    }

    private static Optional<String> host(Grant grant) {
        return grant.sockname().map(inet -> inet.getAddress().getHostAddress());
    }

    private static List<Grant> grants(Version version, String scenario) {
        return answers(version, scenario, Direction.TO_WORKER)
                .map(
                        fields -> {
                            try {
                                return Grant.of(new Frame(fields), Optional.empty());
                            } catch (ProtocolException e) {
                                throw new AssertionError("cannot read " + fields, e);
                            }
                        })
                .toList();
    }

    private static List<Boolean> accepted(Version version, String scenario) {
        return answers(version, scenario, Direction.TO_PRIMARY)
                .map(fields -> Accepted.of(new Frame(fields)).accepted())
                .toList();
    }

    private static Stream<Map<String, Object>> answers(
            Version version, String scenario, Direction direction) {
        return CapturedFrames.of(version, scenario)
                .filter(line -> line.direction() == direction)
                .map(Line::content)
                .filter(fields -> fields.containsKey("ack"));
    }
}
