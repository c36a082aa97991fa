package dev.prefork.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** SPEC C7, C8. */
class JsonTest {
    enum Colour {
        RED,
        GREEN
    }

    record Point(int x, int y) {}

    @SuppressWarnings("ArrayRecordComponent") // that is what is tested
    record Measured(double value, float other, double[] more, Object any) {}

    record Sometimes(Optional<String> text) {}

    // Reading.

    static Stream<Arguments> values() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("a", List.of(1, Map.of("b", false)));
        object.put("c", null);
        return Stream.of(
                Arguments.of("null", null),
                Arguments.of("true", true),
                Arguments.of("5", 5),
                Arguments.of("-2147483648", Integer.MIN_VALUE),
                Arguments.of("2147483648", 2147483648L),
                Arguments.of("-9223372036854775808", Long.MIN_VALUE),
                Arguments.of("9223372036854775808", BigInteger.TWO.pow(63)),
                Arguments.of("1.5", 1.5),
                Arguments.of("1e+21", 1e21),
                Arguments.of("5e-324", Double.MIN_VALUE),
                Arguments.of("1e400", Double.POSITIVE_INFINITY), // as JSON.parse has it
                Arguments.of("\"\"", ""),
                Arguments.of("\"é漢😀\"", "é漢😀"),
                Arguments.of("\"\\ud83d\\ude00 \\n\\u0000\\/\"", "😀 \n\0/"),
                Arguments.of("\"\\ud800\"", "\ud800"), // JSON.stringify of half a character
                Arguments.of("[]", List.of()),
                Arguments.of("{}", Map.of()),
                Arguments.of(" {\"a\":[1,{\"b\":false}],\"c\":null} ", object));
    }

    @ParameterizedTest
    @MethodSource("values")
    void givenAValueOfJson_whenRead_thenItIsAValueOfJava(String json, Object value)
            throws Exception {
        assertThat(read(json)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,",
                "{\"a\":1",
                "{a:1}",
                "'a'",
                "NaN",
                "undefined",
                "1 2",
                "{}{}",
                "\"a",
                "\"\t\"",
                "[1,]",
                "\0",
                "tru",
                "01",
                "GET / HTTP/1.1"
            })
    void givenSomethingElse_whenRead_thenThePeerHasBrokenTheProtocol(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(NotJsonException.class);
    }

    @Test
    void givenBytesThatAreNotUtf8_whenRead_thenThePeerHasBrokenTheProtocol() {
        byte[] bytes = {'"', (byte) 0xff, '"'};

        assertThatThrownBy(() -> Json.read(bytes, 0, bytes.length))
                .isInstanceOf(NotJsonException.class)
                .hasMessage("not JSON: it is not UTF-8");
    }

    @Test
    void givenAHugeTextAndAHugeName_whenRead_thenTheyAreAllowedAsInNode() throws Exception {
        String huge = "x".repeat(30_000_000);

        assertThat(read("{\"" + huge.substring(0, 100_000) + "\":\"" + huge + "\"}"))
                .isEqualTo(Map.of(huge.substring(0, 100_000), huge));
    }

    /** SPEC F12: what JSON.stringify of Node makes with its stack, 5,000 deep in v12.10. */
    @ParameterizedTest
    @ValueSource(ints = {1500, 5000, Limits.MAX_DEPTH})
    void givenAValueNestedDeeply_whenReadAndWritten_thenItIsTheSame(int depth) throws Exception {
        String arrays = "[".repeat(depth) + "]".repeat(depth);
        String objects = "{\"a\":".repeat(depth) + "null" + "}".repeat(depth);

        assertThat(write(read(arrays))).isEqualTo(arrays + "\n");
        assertThat(write(read(objects))).isEqualTo(objects + "\n");
    }

    @Test
    void givenAValueNestedTooDeeply_whenReadOrWritten_thenThatIsSaid() throws Exception {
        String tooDeep = "[".repeat(Limits.MAX_DEPTH + 1) + "]".repeat(Limits.MAX_DEPTH + 1);
        Object deepest = read(tooDeep.substring(1, tooDeep.length() - 1));

        assertThatThrownBy(() -> read(tooDeep))
                .isInstanceOf(NotJsonException.class)
                .hasMessageContaining("Nesting limit");
        assertThatThrownBy(() -> Json.writeLine(List.of(deepest)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("it contains itself, or is nested too deeply");
    }

    /** As JSON.parse has it; the parser by itself takes 1,000 digits, and would end the channel. */
    @Test
    void givenANumberOfManyDigits_whenRead_thenItIsInfinity() throws Exception {
        String digits = "9".repeat(2000);

        assertThat(read(digits)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(read("[-" + digits + "]")).isEqualTo(List.of(Double.NEGATIVE_INFINITY));
        assertThat(read("0." + digits)).isEqualTo(1.0);
        assertThat(read("{\"a\\\"" + digits + "\":[" + digits + ",5.5e0]}"))
                .isEqualTo(Map.of("a\"" + digits, List.of(Double.POSITIVE_INFINITY, 5.5)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1.", "1e", "--", "1.2.", "-"})
    void givenManyDigitsThatAreNoNumber_whenRead_thenThePeerHasBrokenTheProtocol(String begin) {
        String digits = "9".repeat(2000);

        assertThatThrownBy(() -> read(begin + digits + ".")).isInstanceOf(NotJsonException.class);
        assertThatThrownBy(() -> read("\"" + begin + digits)).isInstanceOf(NotJsonException.class);
    }

    /** Such a character is what a decoder has in the place of what it cannot read. */
    @Test
    void givenTheReplacementCharacter_whenReadAndWritten_thenItIsOneAsAnyOther() throws Exception {
        assertThat(read("\"\ufffd\"")).isEqualTo("\ufffd");
        assertThat(write("\ufffd")).isEqualTo("\"\ufffd\"\n");
    }

    /** A text with half a character is looked through as strictly as any other. */
    @ParameterizedTest
    @ValueSource(strings = {"[\"\\ud800\",True]", "[\"\\ud800\t\"]", "[\"\\ud800\\'\"]"})
    void givenHalfACharacterInWhatIsNotJson_whenRead_thenThePeerHasBrokenTheProtocol(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(NotJsonException.class);
    }

    // Writing.

    static Stream<Arguments> written() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("a", null);
        object.put("b", List.of(new Point(1, 2), Colour.RED));
        return Stream.of(
                Arguments.of(null, "null"),
                Arguments.of(true, "true"),
                Arguments.of((byte) 1, "1"),
                Arguments.of((short) 2, "2"),
                Arguments.of(3, "3"),
                Arguments.of(1L << 40, "1099511627776"),
                Arguments.of(1.5f, "1.5"),
                Arguments.of(0.1, "0.1"),
                Arguments.of(BigInteger.TWO.pow(64), "18446744073709551616"),
                Arguments.of(new BigDecimal("1.250"), "1.250"),
                Arguments.of(Double.NaN, "null"),
                Arguments.of(Float.NEGATIVE_INFINITY, "null"),
                Arguments.of('x', "\"x\""),
                Arguments.of(CharBuffer.wrap("text"), "\"text\""),
                Arguments.of("é \"quoted\"\n", "\"é \\\"quoted\\\"\\n\""),
                Arguments.of(Colour.GREEN, "\"GREEN\""),
                Arguments.of(new int[] {1, 2}, "[1,2]"),
                Arguments.of(new Object[] {null, "a"}, "[null,\"a\"]"),
                Arguments.of(Arrays.asList(1, null), "[1,null]"),
                Arguments.of(Map.of(5, "five"), "{\"5\":\"five\"}"),
                Arguments.of(Optional.of(5), "5"),
                Arguments.of(Optional.empty(), "null"),
                Arguments.of(new UUID(1, 2), "\"00000000-0000-0001-0000-000000000002\""),
                Arguments.of(new Point(1, 2), "{\"x\":1,\"y\":2}"),
                Arguments.of(new Sometimes(Optional.of("a")), "{\"text\":\"a\"}"),
                Arguments.of(new Sometimes(Optional.empty()), "{\"text\":null}"),
                Arguments.of(object, "{\"a\":null,\"b\":[{\"x\":1,\"y\":2},\"RED\"]}"));
    }

    @ParameterizedTest
    @MethodSource("written")
    void givenAValueOfJava_whenWritten_thenItIsOneLineOfJson(Object value, String json) {
        assertThat(write(value)).isEqualTo(json + "\n");
    }

    @Test
    void givenNoNumbersInARecord_whenWritten_thenTheyAreNullAsInNode() {
        Measured measured =
                new Measured(
                        Double.NaN,
                        Float.POSITIVE_INFINITY,
                        new double[] {1, Double.NEGATIVE_INFINITY},
                        new Object[] {Double.NaN});

        assertThat(write(measured))
                .isEqualTo("{\"value\":null,\"other\":null,\"more\":[1.0,null],\"any\":[null]}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "é",
                "漢",
                "😀",
                "\ud800",
                "\udc00x",
                "\ud800\ud83d\ude00",
                "\\ud800",
                "a\0\u2028\u007f\r\n",
                ""
            })
    void givenAnyText_whenWrittenAndRead_thenItIsTheSame(String text) throws Exception {
        assertThat(read(write(text))).isEqualTo(text);
        assertThat(read(write(List.of(text, Map.of("a", text)))))
                .isEqualTo(List.of(text, Map.of("a", text)));
        assertThat(read(write(Map.of(text, "\\\\" + text + "\\"))))
                .isEqualTo(Map.of(text, "\\\\" + text + "\\"));
        assertThat(read(write(new Sometimes(Optional.of(text))))).isEqualTo(Map.of("text", text));
    }

    static Stream<Object> unsendable() {
        Map<String, Object> map = new HashMap<>();
        map.put("me", map);
        List<Object> list = new ArrayList<>();
        list.add(list);
        Object[] array = new Object[1];
        array[0] = array;
        Runnable lambda = () -> {};
        return Stream.of(
                map,
                list,
                array,
                lambda,
                new Object(),
                Thread.currentThread(),
                Stream.of(1),
                List.of(List.of(1).iterator()),
                new Measured(1, 1, null, new Object()));
    }

    @ParameterizedTest
    @MethodSource("unsendable")
    void givenAValueThatHasNoJson_whenWritten_thenItIsRefusedWithTheReason(Object value) {
        assertThatThrownBy(() -> Json.writeLine(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cannot send a " + value.getClass().getName())
                .hasMessageMatching(
                        "(?s).* there is no JSON for it: .*(it contains itself|a java\\.\\S+ is"
                                + " neither|Lambda\\S+ is neither).*");
    }

    record Large(BigInteger whole, BigDecimal decimal) {}

    /** A double of Node is what they would be at the other end. */
    @Test
    void givenANumberBeyondDouble_whenWritten_thenItIsRefused() {
        BigInteger whole = BigInteger.TEN.pow(400);
        BigDecimal decimal = new BigDecimal("-1e400");
        List<Object> values =
                List.of(
                        whole,
                        decimal,
                        List.of(whole),
                        Map.of("a", decimal),
                        new Large(whole, null),
                        new Large(null, decimal));
        for (Object value : values) {
            assertThatThrownBy(() -> Json.writeLine(value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith(
                            "a number beyond 1.8e308 arrives as Infinity: send it as a text");
        }
        assertThat(write(new Large(BigInteger.TEN.pow(300), null))).contains("1" + "0".repeat(300));
    }

    /** A reader would have to make a double of it. */
    @Test
    void givenADecimalOfTooManyDigits_whenWritten_thenItIsRefused() throws Exception {
        BigDecimal longest = new BigDecimal("0." + "1".repeat(998));
        BigDecimal tooLong = new BigDecimal("0." + "1".repeat(1001));

        assertThat(JsonText.unread(write(longest), new Demand()).as(BigDecimal.class))
                .isEqualTo(longest);
        assertThatThrownBy(() -> write(List.of(Map.of("a", tooLong))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(
                        "$[0].a: a number of more than 1000 digits: send it as a text");
    }

    static Stream<Arguments> places() {
        Object none = new Object();
        Map<String, Object> second = new LinkedHashMap<>();
        second.put("first", 1);
        second.put("a \"b\" ü", none);
        return Stream.of(
                Arguments.of(none, ""),
                Arguments.of(List.of(none), "$[0]: "),
                Arguments.of(List.of(1, List.of(), none), "$[2]: "),
                Arguments.of(Map.of("a", none), "$.a: "),
                Arguments.of(second, "$.a \"b\" ü: "),
                Arguments.of(List.of(Map.of("a", List.of(1, second))), "$[0].a[1].a \"b\" ü: "),
                Arguments.of(List.of(new Measured(1, 2, null, none)), "$[0].any: "));
    }

    @ParameterizedTest
    @MethodSource("places")
    void givenWhatHasNoJson_whenWritten_thenItIsSaidWhereItIs(Object value, String place) {
        assertThatThrownBy(() -> Json.writeLine(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(
                        "there is no JSON for it: "
                                + place
                                + "a java.lang.Object is neither a record nor a bean");
    }

    @Test
    void givenAnObjectWithStrangeGetters_whenWritten_thenNoneOfThemWasCalled() {
        AtomicInteger number = new AtomicInteger(5);

        assertThat(write(Map.of("n", number))).isEqualTo("{\"n\":5}\n");

        assertThat(number).hasValue(5);
    }

    @Test
    void givenMoreThanTheReceiverTakes_whenWritten_thenItIsRefused() {
        String tooLong = "x".repeat(Limits.SURELY_TAKEN_BYTES);

        assertThatThrownBy(() -> Json.writeLine(tooLong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("it takes more than 67108864 bytes");
    }

    private static Object read(String json) throws NotJsonException {
        byte[] bytes = ("##" + json + "##").getBytes(UTF_8);
        return Json.read(bytes, 2, bytes.length - 4);
    }

    private static String write(Object value) {
        return new String(Json.writeLine(value), UTF_8);
    }
}
