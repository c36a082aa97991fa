package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.json.Json;
import dev.prefork.json.NotJsonException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Bytes as JSON, from which they can be had again. */
class JsonLinesTest {
    private final JsonLines lines = JsonLines.of(new JsonLines.Printer(0, 7, 4711), "stdout");

    private static List<Map<String, Object>> read(byte[] printed) {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (String line : new String(printed, UTF_8).lines().toList()) {
            objects.add(read(line));
        }
        return objects;
    }

    private List<Map<String, Object>> add(byte[] bytes) throws IOException {
        return read(lines.add(bytes, bytes.length));
    }

    private List<Map<String, Object>> add(String text) throws IOException {
        return add(text.getBytes(UTF_8));
    }

    @Test
    void givenLines_whenAdded_thenEachIsAnObject() throws IOException {
        assertThat(add("a \"quote\"\0\n\nun"))
                .extracting("text")
                .containsExactly("a \"quote\"\0", "");
        Map<String, Object> object = add("finished\n").getFirst();

        assertThat(object.remove("time")).asString().matches("\\d{4}-.*Z");
        assertThat(object)
                .isEqualTo(
                        Map.of(
                                "slot", 0,
                                "worker", 7,
                                "pid", 4711,
                                "stream", "stdout",
                                "text", "unfinished"));
    }

    @Test
    void givenALineWithoutEnd_whenTheStreamEnds_thenItIsPartial() throws IOException {
        assertThat(add("rest")).isEmpty();
        assertThat(lines.pause()).isEmpty();

        assertThat(read(lines.end()).getFirst())
                .containsEntry("text", "rest")
                .containsEntry("partial", true);
        assertThat(lines.end()).isEmpty();
    }

    @Test
    void givenBytesThatAreNoText_whenAdded_thenTheyStandBesideIt() throws IOException {
        byte[] bytes = "caf\u00e9\n".getBytes(ISO_8859_1);

        assertThat(add(bytes).getFirst())
                .containsEntry("text", "caf\ufffd")
                .containsEntry(
                        "base64",
                        Base64.getEncoder().encodeToString("caf\u00e9".getBytes(ISO_8859_1)));
    }

    @Test
    void givenALongLine_whenItIsCut_thenNoCharacterIs() throws IOException {
        String text = "x" + "\u20ac\ud83d\ude00".repeat(JsonLines.LONGEST / 3) + "\n";
        byte[] bytes = text.getBytes(UTF_8);
        List<Map<String, Object>> objects = new ArrayList<>();

        for (int done = 0; done < bytes.length; done += 1000) {
            int count = Math.min(1000, bytes.length - done);
            objects.addAll(add(Arrays.copyOfRange(bytes, done, done + count)));
        }

        assertThat(objects).hasSizeGreaterThan(2).noneMatch(each -> each.containsKey("base64"));
        assertThat(objects.stream().map(each -> (String) each.get("text")))
                .satisfies(
                        parts ->
                                assertThat(parts.stream().collect(Collectors.joining()) + "\n")
                                        .isEqualTo(text));
        assertThat(objects.getLast()).doesNotContainKey("partial");
        assertThat(objects.getFirst()).containsEntry("partial", true);
    }

    @Test
    void givenOurOwnLine_whenWritten_thenItIsOfNoSlot() throws IOException {
        assertThat(read(JsonLines.own("stopped")))
                .containsEntry("text", "stopped")
                .containsEntry("stream", "stderr")
                .containsEntry("pid", Math.toIntExact(ProcessHandle.current().pid()))
                .doesNotContainKeys("slot", "worker");
    }

    @SuppressWarnings("unchecked") // an object's names are texts
    private static Map<String, Object> read(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        try {
            return (Map<String, Object>) Json.read(bytes, 0, bytes.length);
        } catch (NotJsonException e) {
            throw new AssertionError(json, e);
        }
    }
}
