package dev.prefork.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.wire.CapturedFrames.Line;
import dev.prefork.wire.CapturedFrames.Version;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** SPEC C1, C2, C3. */
class CapturedFramesTest {
    /** How many lines the files hold, so that an empty folder is no success. */
    private static final int MANY = 500;

    private static final String MESSAGES = "messages";

    @ParameterizedTest
    @EnumSource
    void givenWhatNodeWrote_whenRead_thenAllOfItIsJson(Version version) {
        List<Line> lines = lines(version, _ -> true);

        assertThat(lines).hasSizeGreaterThan(MANY).allSatisfy(Line::value);
    }

    @ParameterizedTest
    @EnumSource
    void givenWhatNodesSayToEachOther_whenRead_thenItIsAFrame(Version version) {
        List<Line> lines = lines(version, line -> !line.scenario().equals(MESSAGES));

        assertThat(lines)
                .allMatch(Line::isFrame)
                .extracting(line -> line.frame().command())
                .containsOnly(
                        "NODE_CLUSTER",
                        "NODE_HANDLE",
                        "NODE_HANDLE_ACK",
                        "NODE_HANDLE_NACK",
                        "NODE_SOCKET_GET_COUNT",
                        "NODE_SOCKET_COUNT",
                        "NODE_SOCKET_NOTIFY_CLOSE",
                        "NODE_SOCKET_ALL_CLOSED");
    }

    @ParameterizedTest
    @EnumSource
    void givenWhatApplicationsSay_whenRead_thenNoneOfItIsAFrame(Version version) {
        List<Line> lines =
                lines(version, line -> line.scenario().equals(MESSAGES)).stream().skip(1).toList();

        assertThat(lines).hasSizeGreaterThan(20).noneMatch(Line::isFrame);
    }

    @ParameterizedTest
    @EnumSource
    void givenADescriptor_whenItTravels_thenItIsWithAHandleFrame(Version version) {
        List<Line> lines = lines(version, line -> line.descriptors() > 0);

        assertThat(lines)
                .hasSizeGreaterThan(20)
                .allSatisfy(line -> assertThat(line.descriptors()).isEqualTo(1))
                .allSatisfy(line -> assertThat(line.frame().command()).isEqualTo("NODE_HANDLE"));
    }

    @ParameterizedTest
    @EnumSource
    void givenFramesOfTheCluster_whenRead_thenEachIsAnActOrAnAnswer(Version version) {
        List<Map<String, Object>> frames =
                lines(version, Line::isFrame).stream()
                        .map(Line::content)
                        .filter(content -> "NODE_CLUSTER".equals(content.get("cmd")))
                        .toList();

        assertThat(frames)
                .hasSizeGreaterThan(200)
                .allSatisfy(
                        content ->
                                assertThat(content.containsKey("act"))
                                        .isNotEqualTo(content.containsKey("ack")))
                .allSatisfy(content -> assertThat(content.get("seq")).isInstanceOf(Integer.class));
        assertThat(
                        frames.stream()
                                .map(content -> content.get("act"))
                                .distinct()
                                .map(Optional::ofNullable))
                .containsExactlyInAnyOrder(
                        Optional.empty(),
                        Optional.of("online"),
                        Optional.of("queryServer"),
                        Optional.of("listening"),
                        Optional.of("newconn"),
                        Optional.of("close"),
                        Optional.of("disconnect"),
                        Optional.of("exitedAfterDisconnect"));
    }

    @Test
    void givenTheSameScenarios_whenCaptured_thenBothVersionsHaveThem() {
        List<String> older = CapturedFrames.scenarios(Version.NODE_12_10).toList();
        List<String> newer = CapturedFrames.scenarios(Version.NODE_20).toList();

        assertThat(older).isEqualTo(newer).contains("listen-tcp", "connections", "handle-lost");
    }

    private static List<Line> lines(Version version, Predicate<Line> wanted) {
        return CapturedFrames.all()
                .filter(line -> line.version() == version)
                .filter(wanted)
                .toList();
    }
}
