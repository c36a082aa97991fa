package dev.prefork.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.File;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Currency;
import java.util.Date;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** SPEC C7: the application's own types, there and back. */
class TypedTest {
    enum Colour {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "grass";
            }
        }
    }

    record Point(int x, int y) {}

    record Shape(
            String name,
            Colour colour,
            List<Point> points,
            Map<String, Point> named,
            Point centre,
            List<List<Colour>> palette,
            Shape next) {}

    record Numbers(
            byte b,
            short s,
            int i,
            long l,
            float f,
            double d,
            Integer boxed,
            Double boxedDouble,
            BigInteger big,
            BigDecimal exact,
            boolean yes,
            char c) {}

    record Money(
            BigDecimal a, BigDecimal b, List<BigDecimal> more, Map<String, BigDecimal> named) {}

    record Collections(
            Set<String> set,
            SortedSet<String> sorted,
            NavigableSet<Integer> navigable,
            SequencedSet<String> sequenced,
            SequencedCollection<String> ordered,
            Collection<Point> any,
            EnumSet<Colour> enums,
            EnumMap<Colour, Point> byEnum,
            Map<Colour, List<Integer>> alsoByEnum,
            SortedMap<String, Integer> sortedMap,
            NavigableMap<Long, String> byNumber,
            SequencedMap<String, Integer> sequencedMap,
            ConcurrentMap<String, Integer> concurrent,
            Map<UUID, Instant> byId) {}

    record Queues(Queue<String> queue, Deque<Integer> deque) {}

    record Times(
            Instant instant,
            LocalDate date,
            LocalTime time,
            LocalDateTime dateTime,
            OffsetDateTime offset,
            OffsetTime offsetTime,
            ZonedDateTime zoned,
            Duration duration,
            Period period,
            Year year,
            YearMonth yearMonth,
            MonthDay monthDay,
            Month month,
            DayOfWeek day,
            ZoneId zone,
            ZoneOffset zoneOffset,
            Date date2) {}

    record Texts(
            UUID uuid,
            URI uri,
            Path path,
            File file,
            Locale locale,
            Currency currency,
            Class<?> type,
            TimeUnit unit) {}

    record Perhaps(
            Optional<String> text,
            OptionalInt number,
            OptionalLong large,
            OptionalDouble fraction,
            Optional<List<Point>> points) {}

    record Told(Optional<Optional<String>> name) {}

    @SuppressWarnings("ArrayRecordComponent") // that is what is tested
    record Arrayed(byte[] bytes, int[] ints, String[] texts, double[] fractions, long[][] grid) {}

    record Page<T>(T first, List<Map<String, T>> rows) {}

    record Wrapped(Page<Point> page) {}

    sealed interface Figure permits Circle, Square, Empty, Group {}

    record Circle(double r) implements Figure {}

    record Square(double side, Optional<Figure> inside) implements Figure {}

    record Empty() implements Figure {}

    sealed interface Group extends Figure permits Pair {}

    record Pair(Figure a, Figure b) implements Group {}

    record Holder(Figure figure, List<Figure> more, Map<String, Figure> named) {}

    sealed interface Twins {
        record One() implements Twins {}

        final class Other {
            record One() implements Twins {}

            private Other() {}
        }
    }

    record Ping() {}

    public static final class Bean {
        private String name;
        public int count;

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }
    }

    record Positive(int value) {
        Positive {
            if (value <= 0) {
                throw new IllegalArgumentException("value=" + value + " is not positive");
            }
        }
    }

    record Item(String name, BigDecimal price) {}

    record Order(int id, List<Item> items) {}

    record Named(Map<String, Item> byName) {}

    record Asked(Runnable what) {}

    // There and back.

    private static final Shape SMALL =
            new Shape(
                    "small",
                    Colour.RED,
                    List.of(),
                    Map.of(),
                    new Point(0, 0),
                    List.of(List.of(Colour.GREEN)),
                    null);

    @SuppressWarnings("JavaUtilDate") // that is what is sent
    static Stream<Object> values() {
        return Stream.of(
                new Shape(
                        "zażółć",
                        Colour.GREEN,
                        List.of(new Point(1, 2), new Point(3, 4)),
                        Map.of("top", new Point(5, 6)),
                        null,
                        List.of(List.of(Colour.RED), List.of()),
                        SMALL),
                new Numbers(
                        (byte) -1,
                        Short.MAX_VALUE,
                        Integer.MIN_VALUE,
                        Long.MAX_VALUE,
                        1.5f,
                        Double.MIN_VALUE,
                        7,
                        2.0,
                        BigInteger.TWO.pow(99),
                        new BigDecimal("1.25"),
                        true,
                        'x'),
                new Numbers(
                        (byte) 0,
                        (short) 0,
                        0,
                        0,
                        Float.NaN,
                        Double.NaN,
                        null,
                        null,
                        null,
                        null,
                        false,
                        '\0'),
                new Money(
                        new BigDecimal("12345678901234567890.123456789"),
                        new BigDecimal("0.10"),
                        List.of(new BigDecimal("1E+3"), new BigDecimal("-1.000E-30")),
                        Map.of("none", new BigDecimal("0.000"))),
                new Collections(
                        Set.of("a"),
                        new TreeSet<>(List.of("b", "a")),
                        new TreeSet<>(List.of(2, 1)),
                        new LinkedHashSet<>(List.of("z", "a")),
                        List.of("z", "a", "z"),
                        List.of(new Point(1, 2)),
                        EnumSet.of(Colour.GREEN),
                        new EnumMap<>(Map.of(Colour.GREEN, new Point(1, 2))),
                        Map.of(Colour.RED, List.of(1)),
                        new TreeMap<>(Map.of("b", 1, "a", 2)),
                        new TreeMap<>(Map.of(5L, "five")),
                        new LinkedHashMap<>(Map.of("x", 1)),
                        new ConcurrentHashMap<>(Map.of("x", 1)),
                        Map.of(new UUID(1, 2), Instant.ofEpochSecond(3, 4))),
                new Times(
                        Instant.ofEpochSecond(1_000_000_000, 123_456_789),
                        LocalDate.of(2026, 2, 28),
                        LocalTime.of(23, 59, 59, 1),
                        LocalDateTime.of(2026, 1, 2, 3, 4),
                        OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 6, ZoneOffset.ofHours(5)),
                        OffsetTime.of(1, 2, 3, 4, ZoneOffset.UTC),
                        ZonedDateTime.of(2026, 7, 1, 2, 3, 4, 5, ZoneId.of("Europe/Paris")),
                        Duration.ofMillis(1500),
                        Period.of(1, 2, 3),
                        Year.of(2026),
                        YearMonth.of(2026, 12),
                        MonthDay.of(2, 29),
                        Month.FEBRUARY,
                        DayOfWeek.SUNDAY,
                        ZoneId.of("America/New_York"),
                        ZoneOffset.ofHoursMinutes(-3, -30),
                        new Date(1234567890123L)),
                new Texts(
                        new UUID(1, 2),
                        URI.create("http://a/b?c=d"),
                        Path.of("a/../b c"),
                        new File("relative/file"),
                        Locale.of("de", "CH"),
                        Currency.getInstance("CHF"),
                        null,
                        TimeUnit.DAYS),
                new Perhaps(
                        Optional.of("a"),
                        OptionalInt.of(1),
                        OptionalLong.of(1L << 40),
                        OptionalDouble.of(1.5),
                        Optional.of(List.of(new Point(1, 2)))),
                new Perhaps(
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalLong.empty(),
                        OptionalDouble.empty(),
                        Optional.empty()),
                new Told(Optional.empty()),
                new Told(Optional.of(Optional.empty())),
                new Told(Optional.of(Optional.of("x"))),
                new Circle(1.5),
                new Empty(),
                new Pair(new Empty(), new Pair(new Circle(1), new Square(2, Optional.empty()))),
                new Square(1, Optional.of(new Circle(2))),
                new Holder(
                        new Circle(1),
                        List.of(new Empty(), new Square(3, Optional.of(new Empty()))),
                        Map.of("p", new Pair(new Empty(), new Empty()))),
                new Wrapped(new Page<>(new Point(1, 2), List.of(Map.of("k", new Point(3, 4))))),
                new Ping(),
                Colour.GREEN,
                Instant.EPOCH,
                new BigDecimal("0.10"),
                new UUID(3, 4),
                Path.of("a", "b"),
                Locale.ROOT);
    }

    @ParameterizedTest
    @MethodSource("values")
    void givenAnObjectOfTheApplication_whenWrittenAndRead_thenItIsEqual(Object value)
            throws Exception {
        Class<?> type =
                switch (value) {
                    case Colour colour -> Colour.class;
                    case Path path -> Path.class;
                    default -> value.getClass();
                };

        assertThat(sent(value).as(type)).isEqualTo(value);
        assertThat(sent(List.of(value)).as(listOf(type))).isEqualTo(List.of(value));
        assertThat(
                        sent(Map.of("it", value))
                                .member("it", null)
                                .as(parameterized(Optional.class, type)))
                .isEqualTo(Optional.of(value));
    }

    @Test
    void givenQueues_whenWrittenAndRead_thenTheyHaveTheSameInTheSameOrder() throws Exception {
        Queues queues =
                new Queues(new ArrayDeque<>(List.of("b", "a")), new ArrayDeque<>(List.of(2, 1)));

        Queues copy = (Queues) sent(queues).as(Queues.class);

        assertThat(copy.queue()).containsExactly("b", "a");
        assertThat(copy.deque()).containsExactly(2, 1);
    }

    @Test
    void givenArrays_whenWrittenAndRead_thenTheyHoldTheSame() throws Exception {
        Arrayed arrays =
                new Arrayed(
                        new byte[] {1, -1},
                        new int[] {1},
                        new String[] {"a", null},
                        new double[] {1.0, Double.NaN},
                        new long[][] {{1}, {}});

        Arrayed copy = (Arrayed) sent(arrays).as(Arrayed.class);

        assertThat(write(arrays)).contains("\"bytes\":\"Af8=\"");
        assertThat(copy.bytes()).containsExactly(1, -1);
        assertThat(copy.ints()).containsExactly(1);
        assertThat(copy.texts()).containsExactly("a", null);
        assertThat(copy.fractions()).containsExactly(1.0, Double.NaN);
        assertThat(copy.grid()).isDeepEqualTo(new long[][] {{1}, {}});
        assertThat((Shape[]) sent(List.of(SMALL, SMALL)).as(Shape[].class))
                .containsExactly(SMALL, SMALL);
        assertThat((byte[]) sent(new byte[] {5}).as(byte[].class)).containsExactly(5);
    }

    @Test
    void givenABean_whenWrittenAndRead_thenItHasTheSameProperties() throws Exception {
        Bean bean = new Bean();
        bean.setName("n");
        bean.count = 3;

        Bean copy = (Bean) sent(bean).as(Bean.class);

        assertThat(copy.getName()).isEqualTo("n");
        assertThat(copy.count).isEqualTo(3);
    }

    @Test
    void givenTypesWithParameters_whenRead_thenTheirPartsAreOfTheirTypes() throws Exception {
        Page<Point> page = new Page<>(new Point(1, 2), List.of(Map.of("k", new Point(3, 4))));

        assertThat(sent(page).as(parameterized(Page.class, Point.class))).isEqualTo(page);
        assertThat(sent(Map.of("first", "a", "rows", List.of(Map.of("k", "b")))).as(Page.class))
                .isEqualTo(new Page<>("a", List.of(Map.of("k", "b"))));
    }

    // As others read it.

    static Stream<Arguments> written() {
        return Stream.of(
                Arguments.of(new Circle(1.5), "{\"@type\":\"Circle\",\"r\":1.5}"),
                Arguments.of(
                        new Holder(new Empty(), List.of(), null),
                        "{\"figure\":{\"@type\":\"Empty\"},\"more\":[],\"named\":null}"),
                Arguments.of(
                        List.of(new Circle(1), new Point(1, 2)),
                        "[{\"@type\":\"Circle\",\"r\":1.0},{\"x\":1,\"y\":2}]"),
                Arguments.of(new Told(Optional.empty()), "{}"),
                Arguments.of(new Told(Optional.of(Optional.empty())), "{\"name\":null}"),
                Arguments.of(
                        new Perhaps(
                                Optional.empty(),
                                OptionalInt.of(1),
                                OptionalLong.empty(),
                                OptionalDouble.empty(),
                                Optional.empty()),
                        "{\"text\":null,\"number\":1,\"large\":null,\"fraction\":null,\"points\":null}"),
                Arguments.of(new Ping(), "{}"),
                Arguments.of(Colour.GREEN, "\"GREEN\""),
                Arguments.of(Map.of(Colour.GREEN, 1), "{\"GREEN\":1}"),
                Arguments.of(Instant.ofEpochSecond(5), "\"1970-01-01T00:00:05Z\""),
                Arguments.of(Duration.ofMinutes(90), "\"PT1H30M\""),
                Arguments.of(LocalDate.of(2026, 2, 3), "\"2026-02-03\""),
                Arguments.of(Locale.GERMANY, "\"de-DE\""),
                Arguments.of(Path.of("a", "b"), "\"a/b\""),
                Arguments.of(new AtomicLong(5), "5"),
                Arguments.of(new BigDecimal("0.10"), "0.10"));
    }

    @ParameterizedTest
    @MethodSource("written")
    void givenAnObject_whenWritten_thenNodeReadsWhatItExpects(Object value, String json) {
        assertThat(write(value)).isEqualTo(json);
    }

    @Test
    void givenWhatIsMissing_whenRead_thenItIsNullOrNoneAtAll() throws Exception {
        assertThat(read("{}").as(Point.class)).isEqualTo(new Point(0, 0));
        assertThat(read("{\"x\":1,\"z\":3}").as(Point.class)).isEqualTo(new Point(1, 0));
        assertThat(read("{}").as(Perhaps.class))
                .isEqualTo(
                        new Perhaps(
                                Optional.empty(),
                                OptionalInt.empty(),
                                OptionalLong.empty(),
                                OptionalDouble.empty(),
                                Optional.empty()));
        assertThat(read("{}").as(Told.class)).isEqualTo(new Told(Optional.empty()));
        assertThat(read("{\"name\":null}").as(Told.class))
                .isEqualTo(new Told(Optional.of(Optional.empty())));
        assertThat(read("{}").as(Item.class)).isEqualTo(new Item(null, null));
    }

    @Test
    void givenAWholeFraction_whenReadAsAWholeNumber_thenItFits() throws Exception {
        assertThat(read("{\"x\":1.0,\"y\":2}").as(Point.class)).isEqualTo(new Point(1, 2));
        assertThat(read("5.0").as(Long.class)).isEqualTo(5L);
        assertThat(read("1e30").as(BigInteger.class)).isEqualTo(BigInteger.TEN.pow(30));
        assertThat(read("5").as(Double.class)).isEqualTo(5.0);
        assertThat(read("5").as(int.class)).isEqualTo(5);
    }

    @Test
    void givenAMemberOfTheTypeWithoutATag_whenReadAsItself_thenItNeedsNone() throws Exception {
        assertThat(read("{\"r\":2}").as(Circle.class)).isEqualTo(new Circle(2));
    }

    /** A message with a handle is a member, and a question that it is has one in turn. */
    @Test
    void givenAMemberOfAMember_whenRead_thenItIsThatAndNoOtherOfItsName() throws Exception {
        JsonText whole = read("{\"value\":1,\"msg\":{\"value\":{\"x\":2,\"y\":3}}}");
        Map<?, ?> message = (Map<?, ?>) ((Map<?, ?>) whole.value()).get("msg");

        JsonText value = whole.member("msg", message).member("value", message.get("value"));

        assertThat(value.as(Point.class)).isEqualTo(new Point(2, 3));
    }

    @Test
    void givenAValueThatIsOfTheType_whenRead_thenItIsThatValue() throws Exception {
        List<Object> list = List.of(1);

        assertThat(JsonText.of(list).as(List.class)).isSameAs(list);
        assertThat(JsonText.of(null).as(Point.class)).isNull();
        assertThat(JsonText.of("text").as(Object.class)).isEqualTo("text");
        assertThat(JsonText.of(Map.of("x", 1)).as(Point.class)).isEqualTo(new Point(1, 0));
    }

    @Test
    void givenHalvesOfCharacters_whenReadAsAType_thenTheyAreKept() throws Exception {
        String json = "{\"byName\":{\"\\ud800\":{\"name\":\"\\udc00\"}}}";

        assertThat(read(json).as(Named.class))
                .isEqualTo(new Named(Map.of("\ud800", new Item("\udc00", null))));
    }

    // What does not fit.

    static Stream<Arguments> misfits() {
        String items = "{\"id\":1,\"items\":[{},{},{},{\"price\":%s}]}";
        return Stream.of(
                Arguments.of(
                        items.formatted("\"secret\""),
                        Order.class,
                        "$.items[3].price: a text is no BigDecimal"),
                Arguments.of(
                        items.formatted("true"),
                        Order.class,
                        "$.items[3].price: a boolean is no BigDecimal"),
                Arguments.of(
                        "{\"byName\":{\"a b\":5}}",
                        Named.class,
                        "$.byName.a b: a whole number is no Item"),
                Arguments.of("\"text\"", Point.class, "a text is no Point"),
                Arguments.of("[1]", Point.class, "an array is no Point"),
                Arguments.of("{\"x\":\"1\"}", Point.class, "$.x: a text is no int"),
                Arguments.of("{\"x\":1.5}", Point.class, "$.x: a fraction is no int"),
                Arguments.of("{\"x\":1e-400}", Point.class, "$.x: a fraction is no int"),
                Arguments.of("{\"x\":1e400}", Point.class, "$.x: a fraction is no int"),
                Arguments.of("{\"x\":1099511627776}", Point.class, "$.x: a number is beyond int"),
                Arguments.of("{\"x\":1099511627776.0}", Point.class, "$.x: a number is beyond int"),
                Arguments.of("{\"x\":true}", Point.class, "$.x: a boolean is no int"),
                Arguments.of("{\"x\":null}", Point.class, "$.x: null is no int"),
                Arguments.of("{\"name\":[]}", Item.class, "$.name: an array is no String"),
                Arguments.of("{\"name\":5}", Item.class, "$.name: a whole number is no String"),
                Arguments.of("{\"name\":false}", Item.class, "$.name: a boolean is no String"),
                Arguments.of("{\"points\":{}}", Shape.class, "$.points: an object is no List"),
                Arguments.of("null", int.class, "null is no int"),
                Arguments.of("[1,null]", int[].class, "null is no int"),
                Arguments.of(
                        "{\"points\":[1]}", Shape.class, "$.points[0]: a whole number is no Point"),
                Arguments.of(
                        "{\"colour\":\"BLUE\"}",
                        Shape.class,
                        "$.colour: the text is none of RED, GREEN"),
                Arguments.of("\"BLUE\"", Colour.class, "the text is none of RED, GREEN"),
                Arguments.of("1", Colour.class, "a whole number is no Colour"),
                Arguments.of("1.5", Integer.class, "a fraction is no Integer"),
                Arguments.of("1099511627776", Integer.class, "a number is beyond Integer"),
                Arguments.of("\"5\"", Integer.class, "a text is no Integer"),
                Arguments.of("5", Boolean.class, "a whole number is no Boolean"),
                Arguments.of("\"x\"", UUID.class, "a text is no UUID"),
                Arguments.of("\"yesterday\"", Instant.class, "a text is no Instant"),
                Arguments.of("\"\"", Point.class, "a text is no Point"),
                Arguments.of("{\"value\":-1}", Positive.class, "value=-1 is not positive"),
                Arguments.of(
                        "{\"r\":1}",
                        Figure.class,
                        "an object with no \"@type\" is no Figure, which is one of Circle, Square,"
                                + " Empty, Pair"),
                Arguments.of(
                        "{\"@type\":\"Cube\"}",
                        Figure.class,
                        "an object with the \"@type\" \"Cube\" is no Figure, which is one of"
                                + " Circle, Square, Empty, Pair"),
                Arguments.of(
                        "{\"figure\":{\"@type\":\"java.lang.Thread\"}}",
                        Holder.class,
                        "$.figure: an object with the \"@type\" \"java.lang.Thread\" is no Figure,"
                                + " which is one of Circle, Square, Empty, Pair"),
                Arguments.of(
                        "{\"what\":{}}",
                        Asked.class,
                        "an interface, java.lang.Runnable, can be read if it is sealed: then a"
                                + " \"@type\" says which record it is"),
                Arguments.of("{}", Twins.class, "two types of one sealed family are called One"));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void givenAValueThatDoesNotFit_whenRead_thenItIsSaidWhereAndWhyAndNotWhatItIs(
            String json, Class<?> type, String reason) throws Exception {
        JsonText text = read(json);

        assertThatThrownBy(() -> text.as(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cannot read the message as " + type.getTypeName() + ": ")
                .hasMessageEndingWith(reason);
    }

    @Test
    void givenLongValuesAndNames_whenTheyDoNotFit_thenTheReasonIsShort() throws Exception {
        String secret = "secret".repeat(1000);

        for (String json :
                List.of(
                        "{\"x\":\"%s\"}".formatted(secret),
                        "\"%s\"".formatted(secret),
                        "{\"%s\":5}".formatted(secret),
                        "{\"@type\":\"%s\"}".formatted(secret))) {
            for (Type type :
                    List.of(Point.class, UUID.class, Colour.class, Instant.class, Figure.class)) {
                try {
                    read(json).as(type);
                } catch (IllegalArgumentException e) {
                    assertThat(e).message().hasSizeLessThan(500);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3_000, 9_000})
    void givenAnObjectNestedDeeply_whenRead_thenItIsReadOrRefused(int depth) throws Exception {
        String json = "{\"next\":".repeat(depth) + "null" + "}".repeat(depth);

        try {
            assertThat(read(json).as(Shape.class)).isInstanceOf(Shape.class);
        } catch (IllegalArgumentException tooDeep) {
            assertThat(tooDeep).hasMessageEndingWith("it is nested too deeply");
        }
    }

    // What cannot be sent.

    static Stream<Arguments> unsendable() {
        return Stream.of(
                Arguments.of(
                        Map.of("when", Thread.currentThread()),
                        "$.when: a java.lang.Thread is neither a record nor a bean"),
                Arguments.of(
                        List.of(1, Map.of("a b", List.of(0, new Object()))),
                        "$[1].a b[1]: a java.lang.Object is neither a record nor a bean"),
                Arguments.of(List.of(new Asked(() -> {})), " is neither a record nor a bean"),
                Arguments.of(new Object() {}, " is neither a record nor a bean"));
    }

    @ParameterizedTest
    @MethodSource("unsendable")
    void givenWhatHasNoJson_whenWritten_thenItIsSaidWhereItIs(Object value, String reason) {
        assertThatThrownBy(() -> Json.writeLine(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cannot send a " + value.getClass().getName())
                .hasMessageEndingWith(reason);
    }

    private static JsonText sent(Object value) throws NotJsonException {
        return read(write(value));
    }

    private static JsonText read(String json) throws NotJsonException {
        byte[] bytes = json.getBytes(UTF_8);
        return JsonText.read(Json.read(bytes, 0, bytes.length), json);
    }

    private static String write(Object value) {
        return new String(Json.writeLine(value), UTF_8).stripTrailing();
    }

    private static Type listOf(Type element) {
        return parameterized(List.class, element);
    }

    private static Type parameterized(Class<?> raw, Type... arguments) {
        return new ParameterizedType() {
            @Override
            public Type[] getActualTypeArguments() {
                return arguments.clone();
            }

            @Override
            public Type getRawType() {
                return raw;
            }

            @Override
            public Type getOwnerType() {
                return raw.getDeclaringClass();
            }

            @Override
            public String toString() {
                return raw.getName() + Arrays.toString(arguments);
            }
        };
    }
}
