package dev.prefork.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.wire.CapturedFrames.Line;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Each act and answer of real Node, read and written again, is what Node wrote (SPEC C1). */
class WrittenAsNodeTest {
    /** The link's, which numbers what the records say. */
    private static final Set<String> OF_THE_LINK = Set.of("cmd", "act", "ack", "seq");

    /** What Node repeats of its queryServer when it listens, and nobody reads. */
    private static final Set<String> REPEATED =
            Set.of("index", "data", "flags", "backlog", "readableAll", "writableAll");

    /** What may be left out, or may be there, with this value: it says nothing. */
    private static final Map<String, Set<Object>> SAYS_NOTHING =
            Map.of("flags", Set.of(0, "null"), "backlog", Set.of(0));

    @Test
    void givenTheActsOfNode_whenWrittenAgain_thenTheyHaveItsFieldsAndTypes() throws Exception {
        List<Line> lines = cluster("act");

        assertThat(lines).hasSizeGreaterThan(200);
        for (Line line : lines) {
            Map<String, Object> node = line.content();
            Act act = act(node);
            assertThat(act.word()).isEqualTo(node.get("act"));
            assertSame(act.fields(), node, act instanceof Listening);
        }
    }

    @Test
    void givenTheAnswersOfNode_whenWrittenAgain_thenTheyHaveItsFieldsAndTypes() throws Exception {
        List<Line> lines = cluster("ack");

        assertThat(lines).hasSizeGreaterThan(80);
        for (Line line : lines) {
            Map<String, Object> node = line.content();
            assertSame(answer(node).fields(), node, false);
        }
    }

    private static void assertSame(
            Map<String, Object> ours, Map<String, Object> node, boolean listening) {
        assertThat(node.keySet()).as("nothing that Node has not").containsAll(said(ours));
        node.forEach(
                (name, value) -> {
                    if (OF_THE_LINK.contains(name) || (listening && REPEATED.contains(name))) {
                        return;
                    }
                    if (!saysNothing(name, value)) {
                        assertThat(ours).containsEntry(name, value);
                    }
                });
    }

    private static List<String> said(Map<String, Object> fields) {
        return fields.entrySet().stream()
                .filter(field -> !saysNothing(field.getKey(), field.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean saysNothing(String name, Object value) {
        return SAYS_NOTHING.getOrDefault(name, Set.of()).contains(value == null ? "null" : value);
    }

    private static List<Line> cluster(String kind) {
        return CapturedFrames.all()
                .filter(Line::isFrame)
                .filter(line -> line.content().containsKey(kind))
                .filter(line -> "NODE_CLUSTER".equals(line.content().get("cmd")))
                .toList();
    }

    private static Act act(Map<String, Object> fields) throws ProtocolException {
        return Act.of((String) fields.get("act"), new Frame(fields)).orElseThrow();
    }

    /** Which it is shows in its fields. */
    private static Answer answer(Map<String, Object> fields) throws ProtocolException {
        Frame frame = new Frame(fields);
        if (fields.containsKey("accepted")) {
            return Accepted.of(frame);
        }
        return fields.containsKey("key")
                ? Grant.of(frame, Optional.empty())
                : new ExitedAfterDisconnect().answer(frame);
    }
}
