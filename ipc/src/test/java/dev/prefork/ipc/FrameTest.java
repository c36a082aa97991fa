package dev.prefork.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.json.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** SPEC C1, C8. */
class FrameTest {
    @Test
    void givenACommandThatGoesOnAfterThePrefix_whenAsked_thenItIsAFrame() {
        assertThat(Frame.of(Map.of("cmd", "NODE_CLUSTER")).orElseThrow().command())
                .isEqualTo("NODE_CLUSTER");
        assertThat(Frame.of(Map.of("cmd", "NODE_x"))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NODE_", "NODE", "node_cluster", "MY_NODE_CLUSTER", ""})
    void givenAnotherCommand_whenAsked_thenItIsAMessageOfTheApplication(String command) {
        assertThat(Frame.of(Map.of("cmd", command))).isEmpty();
    }

    @Test
    void givenAnythingElse_whenAsked_thenItIsAMessageOfTheApplication() {
        assertThat(Frame.of(null)).isEmpty();
        assertThat(Frame.of("NODE_CLUSTER")).isEmpty();
        assertThat(Frame.of(List.of("NODE_CLUSTER"))).isEmpty();
        assertThat(Frame.of(Map.of("cmd", 5))).isEmpty();
        assertThat(Frame.of(Map.of())).isEmpty();
    }

    /** What a record or bean is written as counts, not what it is. */
    record Backup(String cmd, Object more) {}

    @Test
    void givenAMessageThatLooksLikeAFrame_whenItIsToBeSent_thenItIsRefused() {
        List<Object> refused =
                List.of(
                        Map.of("cmd", "NODE_BACKUP"),
                        new Backup("NODE_BACKUP", null),
                        Optional.of(Map.of("a", "NODE_", "cmd", "NODE_x")));

        for (Object message : refused) {
            assertThatThrownBy(() -> Frame.refuse(Json.writeLine(message)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("cannot send a message with cmd=NODE_\\w+: .*");
        }
    }

    @Test
    void givenAMessageThatOnlyHasThePrefixSomewhere_whenItIsToBeSent_thenItMayBe() {
        Frame.refuse(Json.writeLine(null));
        Frame.refuse(Json.writeLine("NODE_BACKUP"));
        Frame.refuse(Json.writeLine(List.of("NODE_BACKUP")));
        Frame.refuse(Json.writeLine(Map.of("cmd", "NODE_")));
        Frame.refuse(Json.writeLine(Map.of("cmd", "OTHER", "of", "NODE_BACKUP")));
        Frame.refuse(Json.writeLine(Map.of("NODE_BACKUP", "cmd")));
        Frame.refuse(Json.writeLine(new Backup("OTHER", new Backup("NODE_BACKUP", null))));
    }

    @Test
    void givenFields_whenRead_thenTheyHaveTheirTypesAndMayBeMissing() throws Exception {
        Map<String, Object> fields = new HashMap<>();
        fields.put("cmd", "NODE_CLUSTER");
        fields.put("act", "listening");
        fields.put("port", 8000);
        fields.put("accepted", true);
        fields.put("errno", null);
        Frame frame = Frame.of(fields).orElseThrow();

        assertThat(frame.text("act")).contains("listening");
        assertThat(frame.integer("port")).contains(8000);
        assertThat(frame.isTrue("accepted")).isTrue();
        assertThat(frame.integer("errno")).isEmpty();
        assertThat(frame.text("key")).isEmpty();
        assertThat(frame.isTrue("missing")).isFalse();
        assertThat(frame.isTrue("act")).isFalse();
    }

    @Test
    void givenAFieldOfTheWrongType_whenRead_thenThePeerHasBrokenTheProtocol() {
        Frame frame =
                Frame.of(Map.of("cmd", "NODE_CLUSTER", "key", 5, "seq", 1L << 40, "ack", "7"))
                        .orElseThrow();

        assertThatThrownBy(() -> frame.text("key"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("NODE_CLUSTER has key=5, which is no String");
        assertThatThrownBy(() -> frame.integer("seq")).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> frame.integer("ack")).isInstanceOf(ProtocolException.class);
    }
}
