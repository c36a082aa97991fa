package dev.prefork.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Texts whose values are not made before somebody asks for them. */
class UnreadTest {
    record Point(int x, int y) {}

    private final Demand demand = new Demand();

    private JsonText unread(String json) {
        return JsonText.unread(json, demand);
    }

    private static boolean canWait(String json) {
        return Json.canWait(json);
    }

    /** There is nothing else that a text may do to whoever reads it. */
    private static boolean isJson(String text) {
        try {
            var _ = Json.read(text);
            return true;
        } catch (NotJsonException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\":1,\"y\":-2.5e3}",
                "{\"in\":{\"cmd\":\"NODE_\",\"$ask\":1}}",
                "[{\"cmd\":1}]",
                "{\"text\":\"\\\"cmd\\\":\\u00e9\"}",
                "{}",
                "\"$ask\"",
                "null",
                "5"
            })
    void givenAValueOfTheApplications_whenLookedThrough_thenItCanWait(String json) {
        assertThat(canWait(json)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\":{\"y\":1},\"cmd\":\"NODE_CLUSTER\"}",
                "{\"c\\u006dd\":\"NODE_CLUSTER\"}",
                "{\"$ask\":1,\"value\":2}",
                "{\"$reply\":1,\"error\":\"no\"}",
                "",
                " ",
                "{}{}",
                "{} x",
                "{\"x\":1",
                "{\"x\":01}",
                "[1,]",
                "\"\\x\"",
                "nul",
                "{\"\\ud800\":1}"
            })
    void givenAnyOther_whenLookedThrough_thenItIsReadAtOnce(String json) {
        assertThat(canWait(json)).isFalse();
    }

    /** What can wait can be read, or a listener would find what should have closed the channel. */
    @Test
    void givenTextsWithAByteChanged_whenOneCanWait_thenItCanBeRead() {
        byte[] json =
                "{\"a\":[1,-2.5e-3,true,null,\"t\\u00e9\\n\u00e9\u4e2d\ud83d\ude00\"],\"b\":{\"c\":{}}}"
                        .getBytes(StandardCharsets.UTF_8);
        Random random = new Random(18);
        int waiting = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = json.clone();
            changed[random.nextInt(changed.length)] = (byte) (' ' + random.nextInt(256 - ' '));
            String text = new String(changed, StandardCharsets.UTF_8);
            boolean canWait = Json.canWait(text);
            waiting += canWait ? 1 : 0;
            assertThat(isJson(text) || !canWait).as(text).isTrue();
        }
        assertThat(waiting).isBetween(1_000, 19_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cmd\":1}",
                "{\"c\\u006dd\":1}",
                "{\"$ask\":1,\"value\":2}",
                "{\"\\u0024reply\":1,\"value\":2}"
            })
    void givenANameForTheRuntimes_whenRead_thenTheTextSaysThatItMayHaveOne(String json)
            throws Exception {
        assertThat(JsonText.read(Json.read(json), json).mayBeInternal()).isTrue();
    }

    @Test
    void givenNoNameForTheRuntimes_whenRead_thenTheTextSaysSo() throws Exception {
        String json = "{\"x\":1}";

        assertThat(JsonText.read(Json.read(json), json).mayBeInternal()).isFalse();
        assertThat(unread(json).mayBeInternal()).isFalse();
    }

    @Test
    void givenATextThatWaits_whenReadAsATypeOfTheApplications_thenItWaitsOn() {
        JsonText text = unread("{\"x\":1,\"y\":2}");

        assertThat(text.as(Point.class)).isEqualTo(new Point(1, 2));
        assertThat(text.isRead()).isFalse();
        assertThat(demand.isThere()).isFalse();
    }

    @Test
    void givenATextThatWaits_whenItsValueIsAskedFor_thenItIsMadeOnceAndTheNextAtOnce() {
        JsonText text = unread("{\"x\":1,\"y\":2}");

        Object value = text.value();

        assertThat(value).isEqualTo(Map.of("x", 1, "y", 2));
        assertThat(text.value()).isSameAs(value);
        assertThat(text.as(Map.class)).isSameAs(value);
        assertThat(text.as(Point.class)).isEqualTo(new Point(1, 2));
        assertThat(demand.isThere()).isTrue();
    }

    @Test
    void givenATextThatWaits_whenReadAsATypeOfTheJdk_thenItIsAsIfItHadNotWaited() {
        assertThat(unread("[1,4294967296]").as(List.class)).isEqualTo(List.of(1, 4_294_967_296L));
        assertThat(unread("5").as(Number.class)).isEqualTo(5);
        assertThat(unread("5").as(int.class)).isEqualTo(5);
        assertThat(unread("null").as(String.class)).isNull();
        assertThat(unread("null").as(Point.class)).isNull();
        assertThat(unread("\"PT5S\"").as(Duration.class)).isEqualTo(Duration.ofSeconds(5));
    }
}
